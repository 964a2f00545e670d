package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
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
  private static final Duration SOON = Duration.ofSeconds(10);

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
    stack.ensureSidecar();
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

    assertThat(books.leases("demo")).isEmpty();
    assertThat(books.journal())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(lease.clientId())
        .doesNotContain(lease.data().getOrDefault("client_secret", "no secret"));
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
    assertThat(record.path("attempts").asInt()).isPositive();
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

    assertThat(books.leases("demo")).hasSize(1);
    stack.genesys.clearFaults();
    assertThat(revoke(lease)).isEqualTo(204);
    assertThat(stack.logsIn(lease.data())).isFalse();
  }

  @Test
  void a_strict_revoke_without_a_sidecar_fails_and_is_done_when_it_is_back() throws Exception {
    configure("genesys", "strict");
    var lease = lease("genesys");
    stack.killSidecar();

    var answer = stack.http.put("sys/leases/revoke", Map.of("lease_id", lease.id(), "sync", true));
    assertThat(answer.status()).isGreaterThanOrEqualTo(400);
    assertThat(answer.errors()).contains("sidecar is unavailable", "written down", "-sync");

    assertThat(books.leases("demo")).hasSize(1);
    assertThat(books.journal())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(lease.clientId())
        .doesNotContain(lease.data().getOrDefault("client_secret", "no secret"));
    assertThat(stack.logsIn(lease.data())).isTrue();
    stack.startSidecar();
    Eventually.is("the client is gone", PATIENCE, () -> !stack.logsIn(lease.data()));
    awaitEmpty("genesys");
    assertThat(books.leases("demo")).hasSize(1);
    assertThat(revoke(lease)).isEqualTo(204);
    assertThat(books.leases("demo")).isEmpty();
    assertThat(books.journal()).isEmpty();
  }

  @Test
  void a_strict_lease_that_vault_forgets_without_a_sidecar_takes_its_client_along()
      throws Exception {
    configure("genesys", "strict");
    var lease = lease("genesys");
    stack.killSidecar();

    stack.http.must("sys/leases/revoke-force/genesys/creds/demo", Map.of());

    assertThat(books.leases("demo")).isEmpty();
    assertThat(stack.logsIn(lease.data())).isTrue();
    stack.startSidecar();
    Eventually.is("the client is gone", PATIENCE, () -> !stack.logsIn(lease.data()));
    awaitEmpty("genesys");
    assertThat(books.journal()).isEmpty();
  }

  @Test
  void a_client_that_holds_what_the_mount_lost_is_stuck_until_it_is_given_back() throws Exception {
    var lease = lease("genesys");
    stack.genesys.grant(Seed.CLIENT_ID, List.of(Seed.ROLE_ADMIN + ":*"));

    assertThat(revoke(lease)).isEqualTo(204);

    Eventually.is(
        "the client is stuck", PATIENCE, () -> queues("genesys").path("stuck").asInt() == 1);
    var key = stack.http.list("genesys/clients").getFirst();
    var record = stack.http.data("genesys/clients/" + key);
    assertThat(record.path("state").asText()).isEqualTo("stuck");
    assertThat(record.path("last_error").asText()).contains(Seed.ROLE_READER, "retry");
    stack.genesys.grant(
        Seed.CLIENT_ID, List.of(Seed.ROLE_ADMIN + ":*", SimulatedOrganization.HELD_PAIR));
    stack.http.must("genesys/clients/" + key + "/retry", Map.of());
    awaitEmpty("genesys");
    assertThat(stack.logsIn(lease.data())).isFalse();
  }

  @Test
  void a_client_that_genesys_does_not_delete_yet_is_dead_and_asked_about() throws Exception {
    stack.genesys.turn(Map.of("old_client_seconds", "0", "delete_old_client", "409"));
    var lease = lease("genesys");

    assertThat(revoke(lease)).isEqualTo(204);

    assertThat(stack.logsIn(lease.data())).isFalse();
    Eventually.is(
        "the deletion is asked for again later",
        PATIENCE,
        () -> queues("genesys").path("to_delete").asInt() == 1);
    assertThat(books.ownClients()).hasSize(1);
    var key = stack.http.list("genesys/clients").getFirst();
    assertThat(stack.http.data("genesys/clients/" + key).path("last_error").asText())
        .contains("409");
    stack.genesys.turn(Map.of("delete_old_client", "ok"));
    stack.http.must("genesys/clients/" + key + "/retry", Map.of());
    awaitEmpty("genesys");
  }

  @Test
  void a_mass_revoke_without_genesys_leaves_no_lease_irrevocable() throws Exception {
    var leases = new ArrayList<Leased>();
    for (int i = 0; i < 20; i++) {
      leases.add(lease("genesys"));
    }
    stack.genesys.goDown();

    stack.http.must("sys/leases/revoke-prefix/genesys/creds/demo", Map.of("sync", true));

    assertThat(books.leases("demo")).isEmpty();
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
  void disabling_a_mount_waits_for_what_was_put_off() throws Exception {
    stack.mountReady("sixth");
    var sixth = new Books(stack, "sixth");
    var lease = lease("sixth");
    stack.genesys.goDown();
    assertThat(revoke(lease)).isEqualTo(204);

    var disabled = stack.disableMeanwhile("sixth");
    Eventually.is(
        "the mount serves nobody", PATIENCE, () -> stack.http.get("sixth/status").status() != 200);
    assertThat(disabled).isNotDone();
    stack.genesys.clearFaults();

    assertThat(disabled.get(60, TimeUnit.SECONDS)).isEqualTo(204);
    assertThat(sixth.ownClients()).isEmpty();
    assertThat(stack.logsIn(lease.data())).isFalse();
    assertThat(stack.logs()).doesNotContain(lease.clientId() + " (record");
  }

  @Test
  void a_mount_is_not_disabled_while_its_sidecar_is_away() throws Exception {
    stack.mountReady("fifth");
    var fifth = new Books(stack, "fifth");
    var lease = lease("fifth");
    var key = stack.http.list("fifth/clients").getFirst();
    stack.killSidecar();

    assertThat(stack.http.delete("sys/mounts/fifth").status()).isGreaterThanOrEqualTo(400);

    assertThat(fifth.journal()).isEmpty();
    assertThat(stack.logs()).contains("something is left", "clients/" + key);
    assertThat(stack.logsIn(lease.data())).isTrue();
    stack.startSidecar();
    Eventually.is(
        "the mount is disabled",
        PATIENCE,
        () -> stack.http.delete("sys/mounts/fifth").status() == 204);
    assertThat(fifth.ownClients()).isEmpty();
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

  @Test
  void a_session_opens_with_its_mount_and_again_by_itself() throws Exception {
    Eventually.is("the session is open", PATIENCE, () -> loaded("genesys"));
    long opened = sessionsOpened();

    stack.reloadPlugin();
    // Nobody asks the mount for anything meanwhile.
    Eventually.is("the session is open again", PATIENCE, () -> sessionsOpened() > opened);

    long reloaded = sessionsOpened();
    assertThat(seal()).isLessThan(SOON);
    stack.vault.unseal();
    Eventually.is("the session is open again", PATIENCE, () -> sessionsOpened() > reloaded);
    assertThat(loaded("genesys")).isTrue();
  }

  @Test
  void a_seal_does_not_wait_for_a_sidecar_that_hangs() throws Exception {
    Eventually.is("the session is open", PATIENCE, () -> loaded("genesys"));
    stack.suspendSidecar();

    var took = seal();

    stack.resumeSidecar();
    stack.vault.unseal();
    assertThat(took).isLessThan(SOON);
    Eventually.is("the session is open again", PATIENCE, () -> loaded("genesys"));
  }

  private Duration seal() throws Exception {
    long begun = System.nanoTime();
    stack.http.must("sys/seal", Map.of());
    Eventually.is("Vault is sealed", PATIENCE, () -> stack.http.get("sys/health").status() == 503);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private boolean loaded(String mount) throws Exception {
    return stack.http.data(mount + "/status").path("session").asBoolean()
        && queues(mount).path("loaded").asBoolean();
  }

  private long sessionsOpened() throws Exception {
    return stack.logs().lines().filter(line -> line.contains("has read the records")).count();
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
