package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.simulator.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way of alarms with a real Vault: from a knob of the simulator to who is told, and back;
 * each prints how long it took. Delays are scaled: what is five minutes is two seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AlarmsToldTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CLIENT = "/api/v2/oauth/clients/{clientId}";
  private static final String EVENTS = ToldAlarms.EVENTS;
  private static final String SURVIVOR = "/survivor";
  private static final String GONE = "present_client_gone";
  private static final String ROUTING_KEY = "0123456789abcdef0123456789ABCDEF";
  private static final String SIGNING_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final ToldAlarms told;
  private final PlayedReceiver receiver;
  private final Stack stack;
  private final SteadyRoles roles;

  AlarmsToldTest(@TempDir Path folder) throws Exception {
    told = ToldAlarms.start(folder);
    receiver = told.receiver();
    stack = told.stack();
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    told.mount("signing_key", SIGNING_KEY);
    told.receives("slack", "kind", "slack", "url", receiver.url("/slack"));
    told.receives("teams", "kind", "teams", "url", receiver.url("/teams"));
    told.receives(
        "pagerduty",
        "kind",
        "pagerduty",
        "routing_key",
        ROUTING_KEY,
        "url",
        receiver.url("/v2/enqueue"));
  }

  @AfterEach
  void heal() throws Exception {
    told.heal();
    stack.genesys.turn(Map.of("grant_propagation_seconds", 0));
  }

  @AfterAll
  void stop() {
    told.close();
  }

  @Test
  @Order(1)
  void a_test_message_shows_what_each_receiver_answers() throws Exception {
    for (var name : List.of("events", "slack", "teams", "pagerduty")) {
      var tried = stack.http.must("genesys/alerts/" + name + "/test", Map.of()).path("data");
      assertThat(tried.path("delivered").asBoolean()).as(name).isTrue();
    }
    receiver.answer(403);
    var refused = stack.http.must("genesys/alerts/slack/test", Map.of()).path("data");
    assertThat(refused.path("delivered").asBoolean()).isFalse();
    assertThat(refused.path("answer").asText()).contains("answers HTTP 403");
  }

  @Test
  @Order(2)
  void genesys_is_away_and_back() throws Exception {
    told.wholeWay(
        "genesys_unreachable",
        "",
        () -> {
          stack.genesys.arm(Map.of("status", 503, "count", 100_000));
          var _ = stack.http.get("genesys/status");
        },
        stack.genesys::clearFaults);

    var paths = receiver.messages().stream().map(PlayedReceiver.Message::path).distinct();
    assertThat(paths.toList()).containsExactlyInAnyOrder(EVENTS, "/slack", "/teams", "/v2/enqueue");
    assertThat(
            receiver.messages().stream()
                .filter(message -> message.path().equals("/v2/enqueue"))
                .map(message -> message.body().path("event_action").asText())
                .toList())
        .endsWith("trigger", "resolve");
  }

  @Test
  @Order(3)
  void genesys_refuses_the_mounts_own_client() throws Exception {
    told.wholeWay(
        "own_credential_refused",
        "",
        () -> {
          stack.genesys.arm(
              Map.of("path", "/oauth/token", "status", 401, "code", "x", "count", 100_000));
          for (var path : List.of("/api/v2/organizations/me", "/api/v2/tokens/me")) {
            stack.genesys.arm(Map.of("path", path, "status", 401, "code", "x", "count", 9_999));
          }
          var _ = stack.http.get("genesys/status");
        },
        stack.genesys::clearFaults);
  }

  @Test
  @Order(4)
  void the_request_budget_is_paused_for_long() throws Exception {
    told.wholeWay(
        "budget_paused",
        "",
        () -> {
          stack.genesys.arm(Map.of("status", 429, "retry_after", "8", "count", 1));
          var _ = stack.http.get("genesys/status");
        },
        () -> {});
  }

  @Test
  @Order(5)
  void a_rotation_does_not_go_on() throws Exception {
    var role = roles.written();
    told.wholeWay(
        "rotation_failing",
        role,
        () -> {
          stack.genesys.turn(Map.of("grant_propagation_seconds", 9_999));
          var _ = roles.rotate(role);
        },
        () -> stack.genesys.turn(Map.of("grant_propagation_seconds", 0)));
  }

  @Test
  @Order(6)
  void a_rotation_is_overdue() throws Exception {
    var role = roles.written("grace_period", "5s", "rotation_period", "1h");
    told.wholeWay(
        "rotation_overdue",
        role,
        () -> {
          stack.genesys.turn(Map.of("grant_propagation_seconds", 9_999));
          var _ = roles.rotate(role);
        },
        () -> stack.genesys.turn(Map.of("grant_propagation_seconds", 0)));
  }

  @Test
  @Order(7)
  void a_present_client_is_deleted_by_hand() throws Exception {
    var role = roles.written();
    told.wholeWay(
        "present_client_gone",
        role,
        () -> {
          stack.genesys.deleteByHand(stack.simulator.loginUrl(), roles.clientId(role));
          var _ = roles.status(role);
        },
        () -> {
          var _ = roles.rotate(role, "emergency");
        });
  }

  @Test
  @Order(8)
  void a_client_cannot_be_decommissioned() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");
    var id = lease.getData().getOrDefault("client_id", "");
    var key = stack.http.list("genesys/clients").getLast();
    told.wholeWay(
        "decommission_overdue",
        key,
        () -> {
          stack.genesys.arm(
              Map.of("method", "PUT", "path", CLIENT, "status", 503, "count", 100_000));
          var _ = stack.http.put("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId()));
        },
        stack.genesys::clearFaults);
    roles.awaitGone(id);
  }

  @Test
  @Order(9)
  void what_was_to_be_told_survives_that_everything_is_killed() throws Exception {
    var role = roles.written();
    // It hears of nothing else, so that what waits for it is this.
    told.receives("survivor", "kind", "webhook", "url", receiver.url(SURVIVOR), "events", GONE);
    receiver.answer(503);
    stack.genesys.deleteByHand(stack.simulator.loginUrl(), roles.clientId(role));
    var _ = roles.status(role);
    Eventually.is(
        "it waits",
        PATIENCE,
        () -> stack.http.data("genesys/alerts/survivor").path("waiting").asInt() == 1);
    assertThat(stack.http.data("genesys/alerts/survivor").path("last_error").asText())
        .contains("answers HTTP 503");
    stack.killSidecar();
    stack.vault.kill();
    stack.vault.startAgain();
    stack.startSidecar();
    stack.awaitSidecar();
    receiver.answer(202);

    var began = "present_client_gone %s triggered".formatted(role);
    Eventually.is(began, PATIENCE, () -> receiver.said(SURVIVOR).contains(began));
    assertThat(ids(role)).hasSize(1);

    var _ = roles.rotate(role, "emergency");
    var over = "present_client_gone %s resolved".formatted(role);
    Eventually.is(over, PATIENCE, () -> receiver.said(SURVIVOR).contains(over));
    assertThat(receiver.said(SURVIVOR).indexOf(began))
        .isLessThan(receiver.said(SURVIVOR).indexOf(over));
  }

  private List<String> ids(String role) {
    return receiver.messages().stream()
        .filter(message -> message.path().equals(SURVIVOR))
        .filter(
            message -> message.said().equals("present_client_gone %s triggered".formatted(role)))
        .map(message -> String.valueOf(message.headers().get("Webhook-id")))
        .distinct()
        .toList();
  }

  @Test
  @Order(10)
  void no_secret_is_in_any_message_nor_where_receivers_are_read() throws Exception {
    var texts = new ArrayList<String>();
    receiver.messages().forEach(message -> texts.add(message.body().toString()));
    for (var name : List.of("events", "slack", "teams", "pagerduty")) {
      var shown = stack.http.get("genesys/alerts/" + name).body().toString();
      assertThat(shown).doesNotContain(ROUTING_KEY, SIGNING_KEY, "/v2/enqueue", "/slack\"");
    }
    assertThat(stack.logs()).doesNotContain(ROUTING_KEY, SIGNING_KEY);
    assertThat(texts)
        .isNotEmpty()
        .allSatisfy(text -> assertThat(text).doesNotContain(Seed.CLIENT_SECRET, SIGNING_KEY));
  }
}
