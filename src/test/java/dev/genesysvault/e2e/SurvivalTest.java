package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What dies and comes back: sidecar, plugin, Vault, and its seal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SurvivalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(5);

  private final Stack stack;

  SurvivalTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
    if (creds().status() == 503) {
      stack.startSidecar();
    }
    awaitService();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void reads_say_503_soon_while_the_sidecar_is_away_and_work_again_by_themselves()
      throws Exception {
    stack.killSidecar();

    long begun = System.nanoTime();
    var answer = creds();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.errors()).contains("sidecar is unavailable");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);

    stack.startSidecar();
    awaitService();
    awaitSession();
  }

  @Test
  void a_lease_from_before_a_sidecars_death_can_be_revoked_after_it() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");

    stack.killSidecar();
    stack.startSidecar();
    awaitService();

    stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));
    assertThat(stack.logsIn(lease.getData())).isFalse();
  }

  @Test
  void a_sidecar_that_dies_in_a_request_leaves_a_record_of_what_it_began() throws Exception {
    stack.genesys.arm(Map.of("method", "POST", "path", "/api/v2/oauth/clients", "hold", "before"));
    var request = CompletableFuture.supplyAsync(this::quietCreds);
    stack.genesys.awaitHeld();

    stack.killSidecar();

    assertThat(request.get(60, TimeUnit.SECONDS)).isEqualTo(503);
    stack.genesys.clearFaults();
    stack.startSidecar();
    awaitService();
    assertThat(records()).anySatisfy(state -> assertThat(state).isEqualTo("creating"));
  }

  @Test
  void a_killed_plugin_is_back_with_the_next_requests() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");

    stack.vault.killPlugins();

    awaitService();
    stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));
    assertThat(stack.logsIn(lease.getData())).isFalse();
  }

  @Test
  void a_killed_vault_takes_its_plugin_along_and_comes_back_with_its_leases() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");

    stack.vault.kill();
    stack.vault.startAgain();

    stack.http.must("sys/leases/renew", Map.of("lease_id", lease.getLeaseId()));
    awaitSession();
    stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));
    assertThat(stack.logsIn(lease.getData())).isFalse();
  }

  @Test
  void a_plugin_reload_changes_nothing_for_its_users() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");

    stack.reloadPlugin();

    awaitService();
    stack.http.must("sys/leases/renew", Map.of("lease_id", lease.getLeaseId()));
    awaitSession();
  }

  @Test
  void vault_unseals_and_explains_itself_while_the_sidecar_is_away() throws Exception {
    stack.killSidecar();
    stack.http.must("sys/seal", Map.of());
    Eventually.is("Vault is sealed", PATIENCE, () -> stack.http.get("sys/health").status() == 503);

    stack.vault.unseal();

    assertThat(
            stack
                .http
                .get("genesys/?help=1")
                .body()
                .path("data")
                .path("help")
                .asText(stack.http.get("genesys/?help=1").body().path("help").asText()))
        .contains("Genesys Cloud secrets engine");
    assertThat(stack.http.get("genesys/creds/demo?help=1").body().toString())
        .contains("Each read makes an OAuth client");
    var openapi = stack.http.get("sys/internal/specs/openapi");
    assertThat(openapi.status()).isEqualTo(200);
    assertThat(
            openapi.body().path("paths").has("/genesys/creds/{name}")
                || openapi.body().path("paths").has("/{genesys_mount_path}/creds/{name}"))
        .isTrue();
    stack.register();
    stack.http.must("sys/mounts/second", Map.of("type", Stack.PLUGIN));
    assertThat(creds().status()).isEqualTo(503);

    stack.startSidecar();
    awaitService();
    assertThat(stack.http.delete("sys/mounts/second").status()).isEqualTo(204);
  }

  private void awaitSession() throws Exception {
    Eventually.is(
        "the background session is open again",
        PATIENCE,
        () -> stack.http.get("genesys/status").body().path("data").path("session").asBoolean());
  }

  private void awaitService() throws Exception {
    Eventually.is("credentials are issued again", PATIENCE, () -> creds().status() == 200);
  }

  private VaultHttp.Answer creds() throws Exception {
    return stack.http.get("genesys/creds/demo");
  }

  private int quietCreds() {
    try {
      return creds().status();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> records() throws Exception {
    var states = new ArrayList<String>();
    for (var key : stack.client.logical().list("genesys/clients").getListData()) {
      states.add(
          String.valueOf(
              stack.client.logical().read("genesys/clients/" + key).getData().get("state")));
    }
    return states;
  }
}
