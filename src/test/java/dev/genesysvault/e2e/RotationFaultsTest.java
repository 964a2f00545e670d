package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults planted into rotations with a real Vault; each prints what the operator sees of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RotationFaultsTest {
  private static final String PAIR = SimulatedOrganization.HELD_PAIR;
  private static final String SECOND_PAIR = Seed.ROLE_READER + ":" + Seed.DIVISION_HOME;
  private static final String ADMIN_PAIR = Seed.ROLE_ADMIN + ":*";

  private final Stack stack;
  private final SteadyRoles roles;

  RotationFaultsTest(@TempDir Path folder) throws Exception {
    stack =
        Stack.start(
            folder, "--longest-request=4s", "--visibility-delay=2s", "--propagation-delay=1s");
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
    stack.genesys.turn(Map.of("division_dropped_on_create", "no", "grant_propagation_seconds", 0));
    stack.genesys.grant(Seed.CLIENT_ID, List.of(ADMIN_PAIR, PAIR, SECOND_PAIR));
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  private static void show(String fault, JsonNode text) {
    System.out.printf("%s: %s%n", fault, text.isTextual() ? text.asText() : text);
  }

  @Test
  void a_division_that_genesys_lost_on_create_is_named_and_nobody_gets_that_client()
      throws Exception {
    var role = roles.written("role_divisions", PAIR + "," + SECOND_PAIR);
    var first = roles.credential(role);
    stack.genesys.turn(Map.of("division_dropped_on_create", "yes"));

    assertThat(roles.rotate(role).path("rotated").asBoolean()).isFalse();

    var error = roles.status(role).path("last_error");
    show("division dropped on create", error);
    assertThat(error.asText()).contains("otherwise than asked: roleDivisions lacks");
    assertThat(List.of(PAIR, SECOND_PAIR)).anyMatch(error.asText()::contains);
    assertThat(roles.credential(role)).isEqualTo(first);
    assertThat(stack.logsIn(first)).isTrue();

    stack.genesys.turn(Map.of("division_dropped_on_create", "no"));
    Eventually.is(
        "it is rotated once Genesys is well",
        SteadyRoles.PATIENCE,
        () -> !roles.credential(role).equals(first));
    assertThat(roles.status(role).path("drift")).isEmpty();
  }

  @Test
  void grants_that_take_their_time_are_waited_for_before_the_switch() throws Exception {
    var role = roles.written();
    var first = roles.credential(role);
    stack.genesys.turn(Map.of("grant_propagation_seconds", 9_999));

    assertThat(roles.rotate(role).path("rotated").asBoolean()).isFalse();

    show("grants propagate late", roles.status(role).path("last_error"));
    show("grants propagate late, checks", roles.status(role).path("checks"));
    assertThat(roles.status(role).path("last_error").asText()).contains("lacks [" + PAIR + "]");
    assertThat(roles.credential(role)).isEqualTo(first);

    stack.genesys.turn(Map.of("grant_propagation_seconds", 0));
    Eventually.is(
        "it is rotated", SteadyRoles.PATIENCE, () -> !roles.credential(role).equals(first));
    assertThat(stack.logsIn(first)).isTrue();
  }

  @Test
  void a_role_that_the_mount_lost_stops_a_rotation_and_says_what_to_do() throws Exception {
    var role = roles.written();
    var first = roles.credential(role);
    stack.genesys.grant(Seed.CLIENT_ID, List.of(ADMIN_PAIR));

    assertThat(roles.rotate(role).path("rotated").asBoolean()).isFalse();

    var error = roles.status(role).path("last_error");
    show("the mount lost a role", error);
    assertThat(error.asText()).contains("must itself hold").contains(PAIR);
    assertThat(stack.logsIn(first)).isTrue();
    assertThat(roles.credential(role)).isEqualTo(first);
  }

  @Test
  void a_predecessor_that_somebody_deleted_is_shown_and_succeeded_all_the_same() throws Exception {
    var template = roles.clientId(roles.written());
    var role = roles.written("role_divisions", "", "template_client_id", template);
    stack.genesys.deleteByHand(stack.simulator.loginUrl(), roles.clientId(role));

    var drift = roles.status(role).path("drift");
    show("the present client was deleted by hand", drift);
    assertThat(drift.toString()).contains("rotate-role/" + role);

    assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    assertThat(roles.status(role).path("current").path("role_divisions").toString()).contains(PAIR);
  }

  @Test
  void a_former_client_that_is_still_used_stays_until_it_is_quiet() throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "4s", "usage_check", "wait");
    var former = roles.credential(role);
    var id = former.getOrDefault("client_id", "");
    assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();

    Eventually.is(
        "its calls are seen",
        SteadyRoles.PATIENCE,
        () -> {
          stack.genesys.callAs(stack.simulator.loginUrl(), former);
          return roles.status(role).path("checks").toString().contains("more calls");
        });
    show("the former client is still used, checks", roles.status(role).path("checks"));
    assertThat(roles.status(role).path("phase").asText()).isEqualTo("grace");
    assertThat(stack.genesys.clientIds()).contains(id);

    roles.awaitGone(id);
  }

  @ParameterizedTest
  @CsvSource({
    "creating, POST, /api/v2/oauth/clients",
    "created, GET, /api/v2/tokens/me",
    "retiring, PUT, /api/v2/oauth/clients/{clientId}"
  })
  void vault_may_be_killed_in_any_phase(String phase, String method, String path) throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "4s");
    var former = roles.credential(role);
    stack.genesys.hold(method, path, "after");
    var rotation = Thread.ofVirtual().start(() -> rotateWhileVaultDies(role));
    stack.genesys.awaitHeld();

    stack.vault.kill();
    stack.genesys.clearFaults();
    stack.vault.startAgain();
    rotation.join();

    Eventually.is(
        "it is rotated after a kill while " + phase,
        SteadyRoles.PATIENCE,
        () -> !roles.credential(role).equals(former));
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    roles.awaitGone(former.getOrDefault("client_id", ""));
    Eventually.is(
        "nothing else is left",
        SteadyRoles.PATIENCE,
        () ->
            stack.genesys.clients().stream()
                .filter(client -> client.name().contains(role + "-"))
                .map(client -> client.id())
                .toList()
                .equals(List.of(roles.clientId(role))));
  }

  private void rotateWhileVaultDies(String role) {
    try {
      var _ = stack.http.put("genesys/rotate-role/" + role, Map.of());
    } catch (Exception _) {
      // Vault dies while it is asked; the rotation was written down before.
    }
  }
}
