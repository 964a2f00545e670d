package dev.genesysvault.simulator;

import static dev.genesysvault.simulator.Application.CLIENTS;
import static dev.genesysvault.simulator.Application.body;
import static dev.genesysvault.simulator.Application.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.simulator.SimulatedReply.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulatedTokensAndFaultsTest {
  private static final String ORGANIZATION = "/api/v2/organizations/me";

  private final Application app = new Application();

  @Test
  void log_in_takes_client_credentials_alone_and_answers_in_oauths_words() {
    assertThat(app.logIn(Seed.CLIENT_ID, Seed.CLIENT_SECRET).text("token_type"))
        .isEqualTo("bearer");
    var wrong = app.logIn(Seed.CLIENT_ID, "wrong");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.text("error")).isEqualTo("invalid_client");
    assertThat(wrong.text("description")).isEqualTo(wrong.text("error_description"));
    assertThat(app.logIn(Seed.CLIENT_ID, Seed.CLIENT_SECRET, "grant_type=password").status())
        .isEqualTo(400);
    assertThat(app.logIn(Seed.CODE_CLIENT_ID, "x").status()).isEqualTo(400);
  }

  @Test
  void a_token_is_asked_for_checked_and_ends() {
    var token = app.token();
    app.useToken("");
    assertThat(app.get(ORGANIZATION).code()).isEqualTo("authentication.required");
    app.useToken("unknown");
    assertThat(app.get(ORGANIZATION).code()).isEqualTo("bad.credentials");
    app.useToken(token);
    assertThat(app.get(ORGANIZATION).text("id")).isEqualTo(Seed.ORGANIZATION_ID);
    assertThat(app.get("/api/v2/tokens/me").json().path("OAuthClient").path("id").asText())
        .isEqualTo(Seed.CLIENT_ID);

    assertThat(app.delete("/api/v2/tokens/me").status()).isEqualTo(200);
    assertThat(app.get(ORGANIZATION).code()).isEqualTo("bad.credentials");

    app.be(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    app.advance(Duration.ofDays(1));
    assertThat(app.get(ORGANIZATION).code()).isEqualTo("bad.credentials");
  }

  @ParameterizedTest
  @CsvSource({
    "TOKENS_AFTER_INACTIVE, live, 200",
    "TOKENS_AFTER_INACTIVE, revoked, 401",
    "TOKENS_AFTER_REGENERATE, live, 200",
    "TOKENS_AFTER_REGENERATE, revoked, 401",
    "TOKENS_AFTER_DELETE, revoked, 401",
    "TOKENS_AFTER_DELETE, live, 200",
  })
  void what_becomes_of_issued_tokens_is_a_knob(Knob knob, String value, int status) {
    app.turn(knob, value);
    var created = app.create("a");
    var path = CLIENTS + "/" + created.text("id");
    var issued = app.logIn(created.text("id"), created.text("secret")).text("access_token");

    if (knob == Knob.TOKENS_AFTER_REGENERATE) {
      app.post(path + "/secret", Map.of());
    } else {
      app.put(path, with(body("a"), "state", "inactive"));
    }
    if (knob == Knob.TOKENS_AFTER_DELETE) {
      app.delete(path);
    }

    app.useToken(issued);
    assertThat(app.get(ORGANIZATION).status()).isEqualTo(status);
  }

  @Test
  void requests_are_limited_for_each_token_and_say_so() {
    app.turn(Knob.RATE_LIMIT, "2");
    assertThat(app.get(ORGANIZATION).header("inin-ratelimit-count")).isEqualTo("1");
    assertThat(app.get(ORGANIZATION).header("inin-ratelimit-allowed")).isEqualTo("2");
    app.advance(Duration.ofSeconds(18));

    var limited = app.get(ORGANIZATION);

    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.code()).isEqualTo("too.many.requests.retry.after");
    assertThat(limited.header("Retry-After")).isEqualTo("42");
    assertThat(limited.text("message")).contains("[42] seconds");
    app.advance(Duration.ofSeconds(42));
    assertThat(app.get(ORGANIZATION).status()).isEqualTo(200);
  }

  @Test
  void log_ins_are_limited_with_a_400() {
    app.turn(Knob.LOGIN_LIMIT, "1");

    var limited = app.logIn(Seed.CLIENT_ID, Seed.CLIENT_SECRET);

    assertThat(limited.status()).isEqualTo(400);
    assertThat(limited.text("error")).isEqualTo("invalid_request");
    assertThat(limited.text("description")).startsWith("rate limit exceeded; ");
  }

  @Test
  void every_reply_of_the_api_has_a_correlation_id_and_errors_repeat_it() {
    var error = app.get(CLIENTS + "/nobody");

    assertThat(error.header("ININ-Correlation-Id")).isNotEmpty();
    assertThat(error.text("contextId")).isEqualTo(error.header("ININ-Correlation-Id"));
    assertThat(app.get("/api/v2/nothing").code()).isEqualTo("not.found");
  }

  @Test
  void divisions_are_paged_and_may_be_filtered_by_grants() {
    assertThat(app.get("/api/v2/authorization/divisions").json().path("entities")).hasSize(25);
    var second = app.get("/api/v2/authorization/divisions?pageNumber=2").json();
    assertThat(second.path("entities")).hasSize(5);
    assertThat(second.path("total").asInt()).isEqualTo(30);
    assertThat(app.get("/api/v2/authorization/divisions?pageSize=x").code())
        .isEqualTo("invalid.query.param.value");
    assertThat(app.get("/api/v2/authorization/divisions/home").text("id"))
        .isEqualTo(Seed.DIVISION_HOME);

    app.turn(Knob.DIVISIONS_LISTED, "granted");
    var created = app.create("a");
    app.be(created.text("id"), created.text("secret"));
    assertThat(app.get("/api/v2/authorization/divisions").json().path("entities")).hasSize(1);
  }

  @Test
  void a_subject_shows_its_grants_with_the_policies_of_their_roles() {
    var subject = app.get("/api/v2/authorization/subjects/me").json();

    assertThat(subject.path("grants")).hasSize(5);
    assertThat(subject.path("grants").toString()).contains("\"entityName\":\"client\"");
    assertThat(app.get("/api/v2/authorization/subjects/" + Seed.LIMITED_CLIENT_ID).status())
        .isEqualTo(200);
    assertThat(app.get("/api/v2/authorization/roles").json().path("entities")).hasSize(6);
    assertThat(app.get("/api/v2/authorization/roles/" + Seed.ROLE_READER).text("name"))
        .isEqualTo("Routing Reader");
  }

  @Test
  void a_fault_answers_the_next_requests_and_then_no_more() {
    arm(Map.of("method", "GET", "path", CLIENTS, "status", 503, "count", 2));

    assertThat(app.get(ORGANIZATION).status()).isEqualTo(200);
    assertThat(app.get(CLIENTS).status()).isEqualTo(503);
    assertThat(app.get(CLIENTS).status()).isEqualTo(503);
    assertThat(app.get(CLIENTS).status()).isEqualTo(200);
  }

  @Test
  void a_429_carries_any_retry_after() {
    arm(Map.of("path", CLIENTS, "status", 429, "retry_after", "soon"));
    assertThat(app.get(CLIENTS).header("Retry-After")).isEqualTo("soon");
    arm(Map.of("path", CLIENTS, "status", 429));
    assertThat(app.get(CLIENTS).reply().headers()).doesNotContainKey("Retry-After");
  }

  @Test
  void a_lost_reply_has_acted_and_a_cut_connection_has_not() {
    arm(Map.of("method", "POST", "path", CLIENTS, "reply_lost", true));
    assertThat(app.create("lost").reply().delivery()).isInstanceOf(Delivery.Lost.class);
    arm(Map.of("method", "POST", "path", CLIENTS, "connection_cut", true));
    assertThat(app.create("cut").reply().delivery()).isInstanceOf(Delivery.Lost.class);

    assertThat(app.get(CLIENTS).json().toString()).contains("lost").doesNotContain("\"cut\"");
  }

  @Test
  void a_held_request_acts_before_or_after_its_release_as_told() {
    arm(Map.of("method", "POST", "path", CLIENTS, "hold", "after"));
    var after = app.create("after").reply().delivery();
    arm(Map.of("method", "POST", "path", CLIENTS, "hold", "before"));
    var before = app.create("before").reply().delivery();

    assertThat(after).isEqualTo(new Delivery.Held(1, true));
    assertThat(before).isEqualTo(new Delivery.Held(2, false));
    assertThat(app.get(CLIENTS).json().toString()).contains("after").doesNotContain("before");
    var released = app.genesys.released(2);
    assertThat(released).isNotDone();
    app.post("/_simulator/release", Map.of("id", 2));
    assertThat(released).isDone();
    assertThat(app.get("/_simulator/faults").json().path("held")).hasSize(1);
  }

  @Test
  void replies_come_late_or_garbled_as_told() {
    arm(Map.of("path", CLIENTS, "delay_ms", 250));
    assertThat(app.get(CLIENTS).reply().delivery())
        .isEqualTo(new Delivery.Late(Duration.ofMillis(250)));
    arm(Map.of("path", CLIENTS, "garbage", true));
    assertThat(new String(app.get(CLIENTS).reply().body(), StandardCharsets.UTF_8))
        .startsWith("<html>");
  }

  @ParameterizedTest
  @CsvSource({
    "faults, status, 99, status is 99",
    "faults, count, 0, count is 0",
    "faults, hold, never, before or after",
    "faults, what, 1, no member",
    "knobs, create_status, 202, allowed: [200; 201]",
    "knobs, nonsense, 1, there is no knob",
    "knobs, list_lag_seconds, soon, a whole number",
  })
  void bad_admin_input_is_refused_by_name(String path, String member, String value, String text) {
    Object typed = value.matches("[0-9]+") ? Integer.valueOf(value) : value;

    var answer = app.post("/_simulator/" + path, Map.of(member, typed));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("message")).contains(text.replace(';', ','));
  }

  @Test
  void state_shows_clients_and_counts_by_template_and_reset_zeroes_them() {
    var id = app.create("a").text("id");
    app.get(CLIENTS + "/" + id);
    app.get(CLIENTS + "/" + id);

    var state = app.get("/_simulator/state").json().toString();
    assertThat(state)
        .contains(
            "{\"method\":\"GET\",\"path\":\"/api/v2/oauth/clients/{clientId}\",\"status\":200,\"count\":2}",
            "{\"id\":\"" + id + "\",\"name\":\"a\",\"state\":\"active\",\"logs_in\":true}")
        .doesNotContain("secret");

    app.post("/_simulator/reset", Map.of("requests", true));
    assertThat(app.get("/_simulator/state").json().path("requests")).isEmpty();
    assertThat(app.get("/_simulator/state").json().toString()).contains(id);

    app.post("/_simulator/reset", Map.of());
    assertThat(app.get("/_simulator/state").json().toString()).doesNotContain(id);
  }

  private void arm(Map<String, Object> fault) {
    assertThat(app.post("/_simulator/faults", fault).status()).isEqualTo(200);
  }
}
