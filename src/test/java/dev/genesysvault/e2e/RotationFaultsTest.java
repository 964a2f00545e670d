package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Faults planted into rotations with a real Vault; each prints what the operator sees of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RotationFaultsTest {
  private static final String PAIR = SimulatedOrganization.HELD_PAIR;
  private static final String SECOND_PAIR = Seed.ROLE_READER + ":" + Seed.DIVISION_HOME;
  private static final String CLIENTS = "/api/v2/oauth/clients";
  private static final String CLIENT = "/api/v2/oauth/clients/{clientId}";
  private static final String ADMIN_PAIR = Seed.ROLE_ADMIN + ":*";

  private final Stack stack;
  private final SteadyRoles roles;

  RotationFaultsTest(@TempDir Path folder) throws Exception {
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

  @Test
  void an_emergency_that_allows_an_outage_ends_the_client_although_none_can_follow()
      throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "20m");
    var first = roles.credential(role);
    stack.genesys.arm(
        Map.of("method", "POST", "path", CLIENTS, "status", 403, "count", Integer.MAX_VALUE));

    var answer = roles.rotate(role, "emergency", "allow_outage");

    assertThat(answer.path("rotated").asBoolean()).isFalse();
    Eventually.is("the client is dead", SteadyRoles.PATIENCE, () -> !stack.logsIn(first));
    var read = stack.http.get("genesys/static-creds/" + role);
    assertThat(read.status()).isEqualTo(503);
    show("an outage that was allowed", TextNode.valueOf(read.errors()));
    roles.awaitGone(first.getOrDefault("client_id", ""));

    stack.genesys.clearFaults();
    Eventually.is(
        "there is a client again once Genesys makes some",
        SteadyRoles.PATIENCE,
        () -> stack.http.get("genesys/static-creds/" + role).status() == 200);
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    assertThat(roles.status(role).path("current").path("role_divisions").toString()).contains(PAIR);
  }

  @Test
  void rotations_come_through_a_storm_of_429s() throws Exception {
    var names = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      names.add(roles.written("rotation_period", "10s", "grace_period", "4s", "stagger", "0s"));
    }
    stack.genesys.forgetRequests();
    try (var application =
        new SteadyApplication(stack, "genesys/static-creds/" + names.getFirst())) {
      for (int round = 1; round <= 3; round++) {
        for (var path : List.of(CLIENTS, CLIENT, "/api/v2/tokens/me")) {
          stack.genesys.arm(Map.of("path", path, "status", 429, "retry_after", "1", "count", 6));
        }
        var before = new HashMap<String, String>();
        for (var name : names) {
          before.put(name, roles.clientId(name));
        }
        Eventually.is(
            "every role is rotated, round " + round,
            Duration.ofMinutes(2),
            () -> {
              for (var name : names) {
                if (roles.clientId(name).equals(before.get(name))) {
                  return false;
                }
              }
              return true;
            });
      }

      System.out.printf(
          "a storm of 429s: %d roles rotated three times, %d replies 429, %d log-ins, %d failures%n",
          names.size(),
          stack.genesys.answered(429),
          application.logIns(),
          application.failures().size());
      assertThat(stack.genesys.answered(429)).isGreaterThan(30);
      assertThat(application.failures()).isEmpty();
    }
    stack.genesys.clearFaults();
    for (var name : names) {
      stack.http.must("genesys/static-roles/" + name, Map.of("rotation_period", "1h"));
    }
    for (var name : names) {
      roles.awaitNothingElse(name);
      assertThat(stack.logsIn(roles.credential(name))).isTrue();
    }
  }
}
