package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A mount is taken out of use: on purpose, or by a disabling that nobody prepared. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DrainingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stack stack;

  DrainingTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_drained_mount_leaves_nothing_behind_and_says_why_it_gives_nothing() throws Exception {
    var client = mounted("first");
    var leased = stack.http.data("first/creds/demo").path("client_id").asText();

    stack.http.must("first/drain", Map.of("dry_run", false));
    Eventually.is(
        "the mount is drained",
        PATIENCE,
        () -> stack.http.data("first/drain").path("drained").asBoolean());

    assertThat(stack.genesys.clientIds()).doesNotContain(client, leased);
    var read = stack.http.get("first/static-creds/steady");
    assertThat(read.status()).isEqualTo(400);
    assertThat(read.errors()).contains("drained since", "first/drain", "first/static-roles/steady");
    assertThat(stack.http.get("first/creds/demo").errors()).contains("drained since");
    // A fresh client's 404 proves nothing, so that the revoke of its lease may fail for a while.
    disable("first");
    assertThat(linesOf(client)).isEmpty();
  }

  @Test
  void a_mount_that_was_not_drained_names_once_who_stays_active() throws Exception {
    var client = mounted("second");
    var _ = stack.http.data("second/creds/demo");
    stack.genesys.arm(
        Map.of(
            "method",
            "PUT",
            "path",
            "/api/v2/oauth/clients/{clientId}",
            "status",
            503,
            "count",
            50));

    assertThat(stack.http.delete("sys/mounts/second").status()).isGreaterThanOrEqualTo(400);
    stack.genesys.clearFaults();
    disable("second");

    assertThat(stack.genesys.clientIds()).contains(client);
    // One of the sidecar, and one of Vault.
    assertThat(linesOf(client)).hasSize(2);
  }

  @Test
  void a_present_client_that_somebody_deleted_is_told_once_a_step_has_looked_at_it()
      throws Exception {
    var client = mounted("third");
    stack.genesys.deleteByHand(stack.simulator.loginUrl(), client);
    assertThat(listed("third").path("client_error").asText()).isEmpty();

    // Whoever names it as a template looks at it.
    assertThat(stack.http.put("third/roles/copies", Map.of("template_client_id", client)).status())
        .isEqualTo(400);

    assertThat(listed("third").path("client_error").asText())
        .contains(client, "rotate-role/steady");
    assertThat(failing("third")).isEqualTo(1);
    assertThat(stack.http.get("third/static-creds/steady").body().path("warnings").toString())
        .contains(client);
    assertThat(stack.logs()).contains("a client that readers of a static credential hold");

    stack.http.must("third/rotate-role/steady", Map.of());
    Eventually.is("there is another client", PATIENCE, () -> failing("third") == 0);
    assertThat(listed("third").path("client_error").asText()).isEmpty();
  }

  private void disable(String mount) throws Exception {
    Eventually.is(
        mount + " is disabled",
        PATIENCE,
        () -> stack.http.delete("sys/mounts/" + mount).status() == 204);
  }

  /** Returns the client of the static role {@code steady} of a new mount. */
  private String mounted(String mount) throws Exception {
    stack.mountReady(mount);
    stack.http.must(
        mount + "/static-roles/steady",
        Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "rotation_period", "30d"));
    return stack.http.data(mount + "/static-creds/steady").path("client_id").asText();
  }

  private JsonNode listed(String mount) throws Exception {
    return stack
        .http
        .get(mount + "/static-roles?list=true")
        .body()
        .path("data")
        .path("key_info")
        .path("steady");
  }

  private int failing(String mount) throws Exception {
    return stack.http.data(mount + "/status").path("static_roles").path("failing").asInt();
  }

  private List<String> linesOf(String client) throws Exception {
    return stack
        .logs()
        .lines()
        .filter(line -> line.contains("is not deleted") && line.contains(client))
        .toList();
  }
}
