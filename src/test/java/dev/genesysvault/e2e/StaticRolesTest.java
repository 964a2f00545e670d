package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Static credentials with a real Vault: made, rotated, imported, deleted; and what goes wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StaticRolesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PAIR = SimulatedOrganization.HELD_PAIR;
  private final Stack stack;
  private final SteadyRoles roles;

  StaticRolesTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
    stack.ensureSidecar();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_role_has_a_credential_that_logs_in_as_soon_as_it_is_written() throws Exception {
    var role = roles.written("metadata", Map.of("owner", "crm team"));

    var data = stack.http.data("genesys/static-creds/" + role);

    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    assertThat(data.path("ttl").asInt()).isEqualTo(1_800);
    assertThat(data.path("rotation_period").asInt()).isEqualTo(2_592_000);
    assertThat(data.path("custom_metadata").path("owner").asText()).isEqualTo("crm team");
    assertThat(roles.status(role).path("phase").asText()).isEqualTo("idle");
    assertThat(roles.status(role).path("current").path("role_divisions").toString()).contains(PAIR);
  }

  @Test
  void the_same_request_rotates_once() throws Exception {
    var role = roles.written("rotation_period", "3h", "grace_period", "1h");
    var wish = Map.of("request_id", "0d3a5a6e-token");
    var first = stack.http.must("genesys/rotate-role/" + role, wish).path("data");

    var again = stack.http.must("genesys/rotate-role/" + role, wish).path("data");

    assertThat(again).isEqualTo(first);
    assertThat(again.path("rotated").asBoolean()).isTrue();
    assertThat(again.path("client_id").asText()).isEqualTo(roles.clientId(role));
    var bad = stack.http.put("genesys/rotate-role/" + role, Map.of("request_id", "a b"));
    assertThat(bad.errors()).contains("request_id is ", "must have at most 64 letters");
  }

  @Test
  void a_rotation_by_hand_keeps_the_former_client_for_its_grace() throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "5s");
    var first = roles.credential(role);

    var answer = roles.rotate(role);

    assertThat(answer.path("rotated").asBoolean()).isTrue();
    assertThat(answer.path("previous_client_id").asText()).isEqualTo(first.get("client_id"));
    assertThat(stack.logsIn(first)).isTrue();
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    var again = stack.http.put("genesys/rotate-role/" + role, Map.of());
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.errors()).contains("force=true");
    roles.awaitGone(first.getOrDefault("client_id", ""));
    Eventually.is(
        "the status knows it",
        PATIENCE,
        () ->
            roles.status(role).path("retiring").isEmpty()
                && !roles
                    .status(role)
                    .path("history")
                    .path(0)
                    .path("former_ended_time")
                    .asText()
                    .isEmpty());
    assertThat(roles.status(role).path("phase").asText()).isEqualTo("idle");
  }

  @Test
  void an_emergency_leaves_the_former_client_no_grace() throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "30m");
    var first = roles.credential(role);

    var answer = roles.rotate(role, "emergency");

    assertThat(answer.path("rotated").asBoolean()).isTrue();
    assertThat(answer.path("leaked_client_id").asText()).isEqualTo(first.get("client_id"));
    assertThat(answer.path("leaked_client_active").asBoolean()).isFalse();
    assertThat(stack.logsIn(first)).isFalse();
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
  }

  @Test
  void a_grace_that_is_forced_ends_at_once() throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "20m");
    var first = roles.credential(role);
    assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();
    var second = roles.credential(role);
    assertThat(stack.logsIn(first)).isTrue();

    var answer = roles.rotate(role, "force");

    assertThat(answer.path("rotated").asBoolean()).isTrue();
    assertThat(answer.path("previous_client_id").asText()).isEqualTo(second.get("client_id"));
    roles.awaitGone(first.getOrDefault("client_id", ""));
    assertThat(stack.logsIn(second)).isTrue();
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    assertThat(roles.status(role).path("phase").asText()).isEqualTo("grace");
  }

  /** Returns the credential of a client that no static role has any more. */
  private Map<String, String> released() throws Exception {
    var donor = roles.credential(roles.written("on_delete", "release"));
    var donorRole = roles.last();
    stack.http.delete("genesys/static-roles/" + donorRole);
    Eventually.is(
        "it is nobody's",
        PATIENCE,
        () -> stack.http.get("genesys/static-roles/" + donorRole).status() == 404);
    return donor;
  }

  @Test
  void an_imported_client_that_is_to_be_kept_is_let_go_and_works_on() throws Exception {
    var donor = released();
    var role =
        roles.written("role_divisions", "", "grace_period", "3s", "defer_initial_creds", true);
    var fields = new LinkedHashMap<String, Object>(donor);
    fields.put("keep_imported", true);
    stack.http.must("genesys/static-roles/" + role + "/import", fields);

    assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();

    Eventually.is(
        "its grace is over",
        PATIENCE,
        () -> roles.status(role).path("phase").asText().equals("idle"));
    var status = roles.status(role);
    assertThat(status.path("retiring")).isEmpty();
    assertThat(status.path("history").path(0).path("former_ended_time").asText()).isNotEmpty();
    assertThat(stack.http.get("genesys/clients?list=true").body().toString())
        .doesNotContain(donor.get("client_id"));
    roles.delete(role);
    assertThat(stack.logsIn(donor)).isTrue();
  }

  @Test
  void an_imported_client_may_be_succeeded_at_once() throws Exception {
    var donor = released();
    var role =
        roles.written("role_divisions", "", "grace_period", "3s", "defer_initial_creds", true);
    var fields = new LinkedHashMap<String, Object>(donor);
    fields.put("rotate", true);

    stack.http.must("genesys/static-roles/" + role + "/import", fields);

    Eventually.is("it is rotated", PATIENCE, () -> !roles.credential(role).equals(donor));
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    roles.awaitGone(donor.getOrDefault("client_id", ""));
    assertThat(roles.status(role).path("current").path("role_divisions").toString()).contains(PAIR);
  }

  @Test
  void an_imported_client_is_given_out_and_then_succeeded_by_a_copy() throws Exception {
    var donor = released();
    var role =
        roles.written("role_divisions", "", "grace_period", "3s", "defer_initial_creds", true);

    stack.http.must("genesys/static-roles/" + role + "/import", donor);

    assertThat(roles.credential(role)).isEqualTo(donor);
    assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();
    assertThat(roles.status(role).path("current").path("role_divisions").toString()).contains(PAIR);
    roles.awaitGone(donor.getOrDefault("client_id", ""));
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
  }

  @Test
  void vault_agent_writes_each_new_credential_into_its_file(@TempDir Path agent) throws Exception {
    var role =
        roles.written(
            "rotation_period", "1h", "grace_period", "8s", "metadata", Map.of("owner", "crm team"));
    var file = agent.resolve("credential");
    try (var _ = stack.vault.startAgent(agent, "genesys/static-creds/" + role, file)) {
      awaitRendered(file, role);
      assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();
      awaitRendered(file, role);
    }
  }

  private void awaitRendered(Path file, String role) throws Exception {
    Eventually.is(
        "the agent has rendered the present credential",
        PATIENCE,
        () -> {
          var present = roles.credential(role);
          return Files.exists(file)
              && Files.readString(file)
                  .equals(present.get("client_id") + " " + present.get("client_secret"));
        });
  }

  @Test
  void a_cron_slot_comes() throws Exception {
    var role =
        roles.written(
            "rotation_period", "", "rotation_schedule", "* * * * *", "grace_period", "10s");
    var first = roles.credential(role);
    assertThat(stack.http.data("genesys/static-creds/" + role).path("rotation_period").asInt())
        .isEqualTo(60);

    Eventually.is(
        "it is rotated", Duration.ofSeconds(90), () -> !roles.credential(role).equals(first));

    var switched = Instant.parse(roles.status(role).path("last_vault_rotation").asText());
    assertThat(switched.atZone(ZoneOffset.UTC).getSecond()).isLessThan(20);
    roles.delete(role);
  }

  @Test
  void a_limit_of_genesys_delays_a_rotation_and_breaks_nothing() throws Exception {
    var role = roles.written();
    var first = roles.credential(role);
    stack.genesys.arm(
        Map.of("path", "/api/v2/oauth/clients", "status", 429, "retry_after", "3", "count", 2));

    var answer = roles.rotate(role);

    assertThat(stack.logsIn(first)).isTrue();
    Eventually.is("it is rotated", PATIENCE, () -> !roles.credential(role).equals(first));
    assertThat(answer.path("phase").asText()).isNotEmpty();
  }
}
