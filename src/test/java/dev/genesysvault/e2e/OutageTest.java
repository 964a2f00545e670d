package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What revokes do while Genesys or the sidecar is away, and what becomes of them afterwards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OutageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stack stack;
  private Books books;

  OutageTest(@TempDir Path folder) throws Exception {
    // So that what Genesys may not show yet is waited for for seconds.
    stack = Stack.start(folder, "--longest-request=4s", "--visibility-delay=2s");
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    books = new Books(stack, "genesys");
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
    stack.configure("genesys");
    configure("genesys", "deferred");
    awaitEmpty("genesys");
    assertThat(books.disagreements()).isEmpty();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  /** A credential and its lease. */
  private record Leased(String id, Map<String, String> data) {
    String clientId() {
      return data.getOrDefault("client_id", "");
    }
  }

  @Test
  void a_revoke_without_a_sidecar_succeeds_and_is_done_when_it_is_back() throws Exception {
    var lease = lease("genesys");
    stack.killSidecar();

    assertThat(revoke(lease)).isEqualTo(204);

    assertThat(stack.logsIn(lease.data())).isTrue();
    stack.startSidecar();
    awaitEmpty("genesys");
    assertThat(stack.logsIn(lease.data())).isFalse();
    assertThat(stack.logs()).contains("revokes are written down");
  }

  @Test
  void a_revoke_without_genesys_succeeds_and_shows_what_it_waits_for() throws Exception {
    var lease = lease("genesys");
    stack.genesys.goDown();

    assertThat(revoke(lease)).isEqualTo(204);

    var key = stack.http.list("genesys/clients").getFirst();
    Eventually.is(
        "the background has asked in vain",
        PATIENCE,
        () -> !queues("genesys").path("last_error").asText().isEmpty());
    var record = stack.http.data("genesys/clients/" + key);
    assertThat(record.path("state").asText()).isEqualTo("retiring");
    assertThat(record.path("last_error").asText()).contains("503");
    assertThat(record.path("next_attempt").asText()).isNotEmpty();
    assertThat(queues("genesys").path("to_deactivate").asInt()).isEqualTo(1);
    stack.genesys.clearFaults();
    stack.http.must("genesys/clients/" + key + "/retry", Map.of());
    awaitEmpty("genesys");
    assertThat(stack.logsIn(lease.data())).isFalse();
  }

  @Test
  void a_strict_revoke_without_genesys_fails_and_keeps_its_lease() throws Exception {
    configure("genesys", "strict");
    var lease = lease("genesys");
    stack.genesys.goDown();

    assertThat(revoke(lease)).isGreaterThanOrEqualTo(400);

    assertThat(books.of("demo").leases()).hasSize(1);
    stack.genesys.clearFaults();
    assertThat(revoke(lease)).isEqualTo(204);
    assertThat(stack.logsIn(lease.data())).isFalse();
  }

  @Test
  void a_mass_revoke_without_genesys_leaves_no_lease_irrevocable() throws Exception {
    var leases = new ArrayList<Leased>();
    for (int i = 0; i < 20; i++) {
      leases.add(lease("genesys"));
    }
    stack.genesys.goDown();

    stack.http.must("sys/leases/revoke-prefix/genesys/creds/demo", Map.of("sync", true));

    assertThat(books.of("demo").leases()).isEmpty();
    assertThat(books.irrevocableLeases()).isZero();
    stack.genesys.clearFaults();
    awaitEmpty("genesys");
    for (var lease : leases) {
      assertThat(stack.logsIn(lease.data())).isFalse();
    }
  }

  @Test
  void disabling_a_mount_takes_its_clients_along() throws Exception {
    stack.mountReady("second");
    var second = new Books(stack, "second");
    var lease = lease("second");
    var other = lease("genesys");

    assertThat(stack.http.delete("sys/mounts/second").status()).isEqualTo(204);

    assertThat(second.ownClients()).isEmpty();
    assertThat(stack.logsIn(lease.data())).isFalse();
    assertThat(stack.logsIn(other.data())).isTrue();
    assertThat(revoke(other)).isEqualTo(204);
  }

  @Test
  void a_mount_is_not_disabled_while_its_clients_cannot_be() throws Exception {
    stack.mountReady("third");
    var third = new Books(stack, "third");
    var lease = lease("third");
    stack.genesys.goDown();

    assertThat(stack.http.delete("sys/mounts/third").status()).isGreaterThanOrEqualTo(400);

    assertThat(third.ownClients()).hasSize(1);
    assertThat(stack.logs())
        .contains("something is left")
        .contains("client %s ".formatted(lease.clientId()))
        .doesNotContain(lease.data().getOrDefault("client_secret", "no secret"));
    stack.genesys.clearFaults();
    assertThat(stack.http.delete("sys/mounts/third").status()).isEqualTo(204);
    assertThat(third.ownClients()).isEmpty();
  }

  @Test
  void a_mount_that_is_revoked_leaves_another_mounts_clients_alone() throws Exception {
    stack.mountReady("fourth");
    var fourth = new Books(stack, "fourth");
    var here = lease("genesys");
    var there = lease("fourth");

    stack.http.must("sys/leases/revoke-prefix/genesys/creds", Map.of("sync", true));

    awaitEmpty("genesys");
    assertThat(stack.logsIn(here.data())).isFalse();
    assertThat(stack.logsIn(there.data())).isTrue();
    assertThat(fourth.disagreements()).isEmpty();
    assertThat(stack.http.delete("sys/mounts/fourth").status()).isEqualTo(204);
  }

  @Test
  void a_sealed_vault_goes_on_with_what_was_left_when_it_is_unsealed() throws Exception {
    var lease = lease("genesys");
    stack.genesys.goDown();
    assertThat(revoke(lease)).isEqualTo(204);

    stack.http.must("sys/seal", Map.of());
    stack.genesys.clearFaults();
    stack.vault.unseal();

    awaitEmpty("genesys");
    assertThat(stack.logsIn(lease.data())).isFalse();
  }

  private Leased lease(String mount) throws Exception {
    var answer = stack.client.logical().read(mount + "/creds/demo");
    return new Leased(answer.getLeaseId(), answer.getData());
  }

  private int revoke(Leased lease) throws Exception {
    return stack
        .http
        .put("sys/leases/revoke", Map.of("lease_id", lease.id(), "sync", true))
        .status();
  }

  private void configure(String mount, String revocation) throws Exception {
    stack.http.must(mount + "/config", Map.of("revocation", revocation));
  }

  private JsonNode queues(String mount) throws Exception {
    return stack.http.data(mount + "/status").path("queues");
  }

  private void awaitEmpty(String mount) throws Exception {
    Eventually.is(
        "no record is left",
        PATIENCE,
        () -> stack.http.get(mount + "/status").status() == 200 && records(mount).isEmpty());
  }

  private List<String> records(String mount) throws Exception {
    return stack.http.list(mount + "/clients");
  }
}
