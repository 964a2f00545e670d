package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Mounts as operators make and move them while nothing fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MountsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stack stack;

  MountsTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_mount_that_is_moved_ends_its_leases_and_goes_on_without_an_outage() throws Exception {
    var mount = FurnishedMount.at("before", stack, "deferred", FurnishedMount.STEADY);
    var leased = List.of(mount.lease(), mount.lease(), mount.lease());
    var told = stack.http.data("before/static-creds/" + FurnishedMount.STEADY);
    var books = new Books(stack, "before");
    // Whoever reads is told the new path, as an operator changes policies.
    var path = new AtomicReference<>("before");
    try (var application =
        new SteadyApplication(
            () -> stack.http.get(path.get() + "/static-creds/" + FurnishedMount.STEADY),
            stack::logsIn)) {
      Eventually.is("it works", PATIENCE, () -> application.logIns() > 0);

      assertThat(mount.move("after")).isTrue();
      path.set("after");

      int before = application.logIns();
      Eventually.is("it goes on", PATIENCE, () -> application.logIns() > before + 3);
      assertThat(application.failures()).isEmpty();
    }
    var present = stack.http.data("after/static-creds/" + FurnishedMount.STEADY);
    assertThat(present.path("client_secret")).isEqualTo(told.path("client_secret"));
    assertThat(present.path("last_vault_rotation")).isEqualTo(told.path("last_vault_rotation"));
    for (var lease : leased) {
      assertThat(stack.logsIn(lease.credential())).isFalse();
    }
    assertThat(books.ownClients()).hasSize(1);
    assertThat(stack.http.list("after/clients")).isEmpty();
    assertThat(stack.logsIn(mount.lease().credential())).isTrue();
  }

  @Test
  void a_mount_may_be_seal_wrapped() throws Exception {
    stack.http.must("sys/mounts/wrapped", Map.of("type", Stack.PLUGIN, "seal_wrap", true));
    stack.configure("wrapped");

    assertThat(stack.http.data("sys/mounts/wrapped").path("seal_wrap").asBoolean()).isTrue();
    assertThat(stack.logsIn(VaultHttp.credential(stack.http.data("wrapped/creds/demo")))).isTrue();
    writeStaticRole("wrapped");
    assertThat(stack.logsIn(VaultHttp.credential(stack.http.data("wrapped/static-creds/crm"))))
        .isTrue();
  }

  @Test
  void two_namespaces_have_a_mount_each_and_neither_touches_the_others_clients() throws Exception {
    assumeTrue(ServerKind.current().hasNamespaces(), "Vault's community edition has no namespaces");
    var leases = new ArrayList<JsonNode>();
    for (var namespace : List.of("sales", "support")) {
      stack.http.must("sys/namespaces/" + namespace, Map.of());
      stack.http.must(namespace + "/sys/mounts/genesys", Map.of("type", Stack.PLUGIN));
      stack.configure(namespace + "/genesys");
      writeStaticRole(namespace + "/genesys");
      leases.add(stack.http.get(namespace + "/genesys/creds/demo").body());
    }
    assertThat(mark("sales")).isNotEqualTo(mark("support"));
    var sales = VaultHttp.credential(leases.getFirst().path("data"));
    var support = VaultHttp.credential(leases.getLast().path("data"));
    var steady = VaultHttp.credential(stack.http.data("support/genesys/static-creds/crm"));
    assertThat(leases.getFirst().path("lease_id").asText()).startsWith("genesys/creds/demo/");

    stack.http.must(
        "sales/sys/leases/revoke",
        Map.of("lease_id", leases.getFirst().path("lease_id").asText(), "sync", true));
    stack.http.must("sales/genesys/rotate-role/crm", Map.of("emergency", true));
    stack.http.must("sales/genesys/drain", Map.of("dry_run", false));
    Eventually.is(
        "the one is drained",
        PATIENCE,
        () -> stack.http.data("sales/genesys/drain").path("drained").asBoolean());

    assertThat(stack.genesys.clientsMarked(mark("sales"))).isEmpty();
    assertThat(stack.logsIn(sales)).isFalse();
    assertThat(stack.logsIn(support)).isTrue();
    assertThat(stack.logsIn(steady)).isTrue();
    assertThat(stack.http.delete("sales/sys/mounts/genesys").status()).isEqualTo(204);
    assertThat(stack.logsIn(VaultHttp.credential(stack.http.data("support/genesys/creds/demo"))))
        .isTrue();
  }

  private String mark(String namespace) throws Exception {
    return stack.http.data(namespace + "/genesys/config").path("mount_id").asText();
  }

  private void writeStaticRole(String mount) throws Exception {
    stack.http.must(
        mount + "/static-roles/crm",
        Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "rotation_period", "30d"));
  }
}
