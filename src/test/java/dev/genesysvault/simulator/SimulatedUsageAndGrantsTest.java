package dev.genesysvault.simulator;

import static dev.genesysvault.simulator.Application.CLIENTS;
import static dev.genesysvault.simulator.Application.body;
import static dev.genesysvault.simulator.Application.pair;
import static dev.genesysvault.simulator.Application.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulatedUsageAndGrantsTest {
  private static final String OWN_SUBJECT = "/api/v2/authorization/subjects/me";
  private static final String DAY = "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z";

  private final Application app = new Application();

  @Test
  void calls_are_counted_by_client_day_and_status_and_log_ins_are_not() {
    var other = app.create("a");
    app.advance(Duration.ofSeconds(1));
    call(other, 3);
    app.advance(Duration.ofDays(1));
    call(other, 2);
    app.be(other.text("id"), other.text("secret"));
    app.get("/api/v2/nothing");
    app.be(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    app.advance(Duration.ofSeconds(1));

    var rows = counted(other, "2026-01-01T00:00:00Z/2026-01-03T00:00:00Z").json().path("results");

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).path("date").asText()).isEqualTo("2026-01-01");
    assertThat(rows.get(0).path("requests").asInt()).isEqualTo(3);
    assertThat(rows.get(1).path("status200").asInt()).isEqualTo(2);
    assertThat(rows.get(1).path("status400").asInt()).isEqualTo(1);
    assertThat(rows.get(1).path("clientId").asText()).isEqualTo(other.text("id"));
  }

  @ParameterizedTest
  @CsvSource({"exact, 2", "days, 5"})
  void whether_whole_days_are_counted_is_a_knob(String interval, int requests) {
    app.turn(Knob.USAGE_INTERVAL, interval);
    var other = app.create("a");
    call(other, 3);
    app.advance(Duration.ofHours(1));
    call(other, 2);

    assertThat(requests(other, "2026-01-01T00:30:00Z/2026-01-01T02:00:00Z")).isEqualTo(requests);
  }

  @Test
  void calls_are_counted_late_where_a_knob_says_so() {
    app.turn(Knob.USAGE_LAG_SECONDS, "60");
    var other = app.create("a");
    call(other, 3);

    assertThat(requests(other, DAY)).isZero();
    app.advance(Duration.ofSeconds(60));
    assertThat(requests(other, DAY)).isEqualTo(3);
  }

  @Test
  void a_query_takes_its_time_and_may_fail() {
    app.turn(Knob.USAGE_RUNNING_POLLS, "1");
    var other = app.create("a");
    var results = app.post(usage(other) + "query", query(DAY)).text("resultsUri");

    assertThat(app.get(results).text("queryStatus")).isEqualTo("Running");
    assertThat(app.get(results).text("queryStatus")).isEqualTo("Complete");
    app.turn(Knob.USAGE_QUERY_STATUS, "Failed");
    assertThat(app.get(results).text("queryStatus")).isEqualTo("Failed");
  }

  @Test
  void a_summary_is_a_query_over_the_last_days() {
    var other = app.create("a");
    call(other, 3);

    var results = app.get(usage(other) + "summary?days=1").text("resultsUri");

    assertThat(app.get(results).json().path("results").path(0).path("requests").asInt())
        .isEqualTo(3);
    assertThat(app.get(usage(other) + "summary?days=soon").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "interval, yesterday",
    "interval, 2026-01-02T00:00:00Z/2026-01-01T00:00:00Z",
    "granularity, Hour"
  })
  void a_query_that_makes_no_sense_is_refused(String member, String value) {
    var other = app.create("a");

    var answer = app.post(usage(other) + "query", with(query(DAY), member, value));

    assertThat(answer.code()).isEqualTo("invalid.value");
    assertThat(answer.text("message")).contains(member).contains(value);
  }

  @Test
  void who_may_not_see_clients_may_not_see_what_they_call() {
    var other = app.create("a");
    var results = app.post(usage(other) + "query", query(DAY)).text("resultsUri");
    app.be(other.text("id"), other.text("secret"));

    assertThat(app.post(usage(other) + "query", query(DAY)).status()).isEqualTo(403);
    assertThat(app.get(results).status()).isEqualTo(403);
  }

  @Test
  void there_is_nothing_to_see_of_clients_and_queries_that_do_not_exist() {
    var other = app.create("a");

    assertThat(app.post(CLIENTS + "/unknown/usage/query", query(DAY)).status()).isEqualTo(404);
    assertThat(app.get(usage(other) + "query/results/unknown").status()).isEqualTo(404);
    assertThat(app.get(usage(other) + "other").status()).isEqualTo(404);
  }

  @Test
  void new_grants_take_their_time_while_the_client_already_shows_them() {
    app.turn(Knob.GRANT_PROPAGATION_SECONDS, "10");
    var other = app.create("a");
    assertThat(app.get(CLIENTS + "/" + other.text("id")).json().path("roleDivisions")).hasSize(1);

    app.be(other.text("id"), other.text("secret"));
    assertThat(app.get(OWN_SUBJECT).json().path("grants")).isEmpty();

    app.advance(Duration.ofSeconds(10));
    assertThat(app.get(OWN_SUBJECT).json().path("grants")).hasSize(1);
  }

  @Test
  void a_token_that_was_handed_out_early_knows_of_new_grants_later_than_others() {
    app.turn(Knob.GRANT_PROPAGATION_SECONDS, "10");
    app.turn(Knob.EARLY_TOKEN_PINS_SECONDS, "300");
    var other = app.create("a");
    app.be(other.text("id"), other.text("secret"));
    var early = app.token();

    app.advance(Duration.ofSeconds(10));
    assertThat(app.get(OWN_SUBJECT).json().path("grants")).isEmpty();
    app.be(other.text("id"), other.text("secret"));
    assertThat(app.get(OWN_SUBJECT).json().path("grants")).hasSize(1);

    app.useToken(early);
    app.advance(Duration.ofSeconds(290));
    assertThat(app.get(OWN_SUBJECT).json().path("grants")).hasSize(1);
  }

  @Test
  void the_organisations_own_clients_act_at_once_however_late_grants_are() {
    app.turn(Knob.GRANT_PROPAGATION_SECONDS, "999");

    assertThat(app.create("a").status()).isEqualTo(200);
  }

  @Test
  void a_division_is_lost_on_create_where_a_knob_says_so() {
    app.turn(Knob.DIVISION_DROPPED_ON_CREATE, "yes");
    var kept = pair(Seed.ROLE_READER, Seed.DIVISION_SALES);
    var lost = pair(Seed.ROLE_READER, Seed.DIVISION_HOME);

    var two = app.post(CLIENTS, with(body("a"), "roleDivisions", List.of(kept, lost)));
    var one = app.create("b");

    assertThat(two.json().path("roleDivisions")).hasSize(1);
    assertThat(one.json().path("roleDivisions")).hasSize(1);
  }

  @Test
  void the_clock_can_be_moved_forward_and_a_reset_puts_it_back() {
    var moved = app.post("/_simulator/clock", Map.of("advance_seconds", 86_400));

    assertThat(moved.text("now")).isEqualTo("2026-01-02T00:00:00Z");
    assertThat(app.get(OWN_SUBJECT).code()).isEqualTo("bad.credentials");
    assertThat(app.post("/_simulator/clock", Map.of("advance_seconds", 0)).text("message"))
        .contains("advance_seconds is 0; must be 1 to");
    app.post("/_simulator/reset", Map.of());
    assertThat(app.post("/_simulator/clock", Map.of("advance_seconds", 1)).text("now"))
        .isEqualTo("2026-01-01T00:00:01Z");
  }

  private void call(Application.Answer client, int times) {
    var before = app.token();
    app.be(client.text("id"), client.text("secret"));
    for (int i = 0; i < times; i++) {
      app.get(OWN_SUBJECT);
    }
    app.useToken(before);
    if (app.get(OWN_SUBJECT).status() == 401) {
      app.be(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    }
  }

  private int requests(Application.Answer client, String interval) {
    int requests = 0;
    for (var row : counted(client, interval).json().path("results")) {
      requests += row.path("requests").asInt();
    }
    return requests;
  }

  private Application.Answer counted(Application.Answer client, String interval) {
    return app.get(app.post(usage(client) + "query", query(interval)).text("resultsUri"));
  }

  private static Map<String, Object> query(String interval) {
    return Map.of("interval", interval, "granularity", "Day", "metrics", List.of("Requests"));
  }

  private static String usage(Application.Answer client) {
    return CLIENTS + "/" + client.text("id") + "/usage/";
  }
}
