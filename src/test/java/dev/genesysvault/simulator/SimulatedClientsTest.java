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

final class SimulatedClientsTest {
  private final Application app = new Application();

  @Test
  void a_new_client_shows_its_secret_once_and_logs_in_with_it() {
    var created = app.post(CLIENTS, with(body("a"), "announced", Map.of("kept", true)));

    assertThat(created.status()).isEqualTo(200);
    assertThat(app.logIn(created.text("id"), created.text("secret")).status()).isEqualTo(200);
    var path = CLIENTS + "/" + created.text("id");
    assertThat(app.get(path).json().has("secret")).isFalse();
    assertThat(app.get(path).json().path("announced").path("kept").asBoolean()).isTrue();
    assertThat(app.put(path, body("a")).json().has("secret")).isFalse();
    assertThat(app.get(CLIENTS).json().toString()).doesNotContain("secret");
  }

  @Test
  void a_put_replaces_everything() {
    var created = app.post(CLIENTS, with(body("a"), "announced", 1));
    var path = CLIENTS + "/" + created.text("id");

    app.put(path, body("b"));

    assertThat(app.get(path).text("name")).isEqualTo("b");
    assertThat(app.get(path).json().has("announced")).isFalse();
  }

  @Test
  void names_need_not_be_unique() {
    assertThat(app.create("same").status()).isEqualTo(200);
    assertThat(app.create("same").status()).isEqualTo(200);
  }

  @Test
  void a_deactivated_client_does_not_log_in_and_may_be_deleted() {
    var created = app.create("a");
    var path = CLIENTS + "/" + created.text("id");
    assertThat(app.delete(path).code()).isEqualTo("cannot.delete.client");

    app.put(path, with(body("a"), "state", "inactive"));

    assertThat(app.logIn(created.text("id"), created.text("secret")).text("error"))
        .isEqualTo("invalid_client");
    assertThat(app.delete(path).status()).isEqualTo(204);
    assertThat(app.get(path).code()).isEqualTo("not.found");
    assertThat(app.logIn(created.text("id"), created.text("secret")).status()).isEqualTo(400);
  }

  @Test
  void the_list_may_show_a_deleted_client_as_it_was_for_a_while() {
    app.turn(Knob.LIST_KEEPS_DELETED_SECONDS, "60");
    var created = app.create("a");
    var path = CLIENTS + "/" + created.text("id");
    app.put(path, with(body("a"), "state", "inactive"));
    app.delete(path);

    assertThat(app.get(path).code()).isEqualTo("not.found");
    var listed = app.get(CLIENTS).json().path("entities");
    var shown = listed.get(listed.size() - 1);
    assertThat(shown.path("id").asText()).isEqualTo(created.text("id"));
    assertThat(shown.path("state").asText()).isEqualTo("inactive");

    app.advance(Duration.ofSeconds(60));
    assertThat(app.get(CLIENTS).json().toString()).doesNotContain(created.text("id"));
  }

  @Test
  void a_regenerated_secret_ends_the_former_one() {
    var created = app.create("a");

    var regenerated = app.post(CLIENTS + "/" + created.text("id") + "/secret", Map.of());

    assertThat(app.logIn(created.text("id"), created.text("secret")).status()).isEqualTo(400);
    assertThat(app.logIn(created.text("id"), regenerated.text("secret")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "authorizedGrantType, , grant.type.required",
    "authorizedGrantType, CLIENT_CREDENTIALS, bad.grant.type",
    "name, ' ', constraint.validation",
    "state, asleep, invalid.value",
  })
  void a_client_that_makes_no_sense_is_refused(String member, String value, String code) {
    var body = with(body("a"), member, value);

    assertThat(app.post(CLIENTS, body).status()).isEqualTo(400);
    assertThat(app.post(CLIENTS, body).code()).isEqualTo(code);
  }

  @Test
  void a_client_needs_roles_and_a_token_validity_in_range() {
    assertThat(app.post(CLIENTS, with(body("a"), "roleDivisions", List.of())).code())
        .isEqualTo("missing.client.roles");
    var tooShort = with(body("a"), "accessTokenValiditySeconds", 299);
    assertThat(app.post(CLIENTS, tooShort).code()).isEqualTo("invalid.value");
    app.turn(Knob.TOKEN_VALIDITY_CODE, "constraint.validation");
    assertThat(app.post(CLIENTS, tooShort).code()).isEqualTo("constraint.validation");
  }

  @Test
  void nobody_grants_what_it_does_not_hold() {
    var unheldRole = with(body("a"), "roleDivisions", List.of(pair(Seed.ROLE_PAYROLL, "*")));
    var unheldDivision =
        with(body("a"), "roleDivisions", List.of(pair(Seed.ROLE_READER, Seed.DIVISION_HR)));
    var allDivisions = with(body("a"), "roleDivisions", List.of(pair(Seed.ROLE_READER, "*")));

    assertThat(app.post(CLIENTS, unheldRole).code()).isEqualTo("not.authorized");
    assertThat(app.post(CLIENTS, unheldDivision).code()).isEqualTo("not.authorized");
    assertThat(app.post(CLIENTS, allDivisions).code()).isEqualTo("not.authorized");
    app.turn(Knob.UNHELD_ROLE, "400 bad.request");
    assertThat(app.post(CLIENTS, unheldRole).status()).isEqualTo(400);
  }

  @Test
  void the_ceiling_holds_for_the_deactivating_put_too() {
    var created = app.create("a");
    app.post(
        "/_simulator/grants",
        Map.of("client_id", Seed.CLIENT_ID, "role_divisions", List.of(pair(Seed.ROLE_ADMIN, "*"))));

    var put = app.put(CLIENTS + "/" + created.text("id"), with(body("a"), "state", "inactive"));

    assertThat(put.code()).isEqualTo("not.authorized");
  }

  @Test
  void an_unknown_role_or_division_has_a_code_of_its_own() {
    var unknown = with(body("a"), "roleDivisions", List.of(pair("nobody", "*")));

    assertThat(app.post(CLIENTS, unknown).code()).isEqualTo("bad.request");
    app.turn(Knob.UNKNOWN_ROLE, "404 not.found");
    assertThat(app.post(CLIENTS, unknown).status()).isEqualTo(404);
  }

  @Test
  void permissions_are_those_of_the_callers_roles() {
    app.be(Seed.LIMITED_CLIENT_ID, Seed.LIMITED_CLIENT_SECRET);

    assertThat(app.get(CLIENTS).status()).isEqualTo(200);
    var refused = app.create("a");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("missing.any.permissions");
    assertThat(refused.text("message")).contains("oauth:client:add");
  }

  @Test
  void visibility_and_list_may_lag_behind() {
    app.turn(Knob.VISIBILITY_DELAY_SECONDS, "20");
    app.turn(Knob.LIST_LAG_SECONDS, "30");
    var created = app.create("late");
    var path = CLIENTS + "/" + created.text("id");

    assertThat(app.get(path).status()).isEqualTo(404);
    assertThat(app.get(CLIENTS).json().toString()).doesNotContain("late");
    app.advance(Duration.ofSeconds(20));
    assertThat(app.get(path).status()).isEqualTo(200);
    assertThat(app.get(CLIENTS).json().toString()).doesNotContain("late");
    app.advance(Duration.ofSeconds(10));
    assertThat(app.get(CLIENTS).json().toString()).contains("late");
  }

  @Test
  void a_deleted_client_may_be_shown_for_a_while() {
    app.turn(Knob.DELETED_VISIBLE_SECONDS, "10");
    var path = CLIENTS + "/" + deleted();

    assertThat(app.get(path).text("state")).isEqualTo("deleted");
    app.advance(Duration.ofSeconds(10));
    assertThat(app.get(path).status()).isEqualTo(404);
  }

  @Test
  void a_client_older_than_thirty_days_may_have_to_wait_for_its_deletion() {
    app.turn(Knob.DELETE_OLD_CLIENT, "409");
    var created = app.create("old");
    var path = CLIENTS + "/" + created.text("id");
    app.advance(Duration.ofDays(31));
    app.be(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    app.put(path, with(body("old"), "state", "inactive"));

    assertThat(app.delete(path).status()).isEqualTo(409);
    app.advance(Duration.ofDays(8));
    app.be(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    assertThat(app.delete(path).status()).isEqualTo(204);
  }

  @Test
  void statuses_and_the_allowlist_turn_with_their_knobs() {
    app.turn(Knob.CREATE_STATUS, "201");
    app.turn(Knob.DELETE_STATUS, "200");
    assertThat(app.create("a").status()).isEqualTo(201);
    app.turn(Knob.IP_ALLOWLIST, "required");
    assertThat(app.create("b").status()).isEqualTo(400);
    assertThat(app.post(CLIENTS, with(body("b"), "ipAllowlist", List.of("10.0.0.0/8"))).status())
        .isEqualTo(201);
  }

  @Test
  void the_list_comes_in_pages_that_differ_or_show_the_same_again() {
    app.turn(Knob.LIST_PAGE_SIZE, "3");

    var first = app.get(CLIENTS).json();
    var second = app.get(CLIENTS + "?pageNumber=2").json();

    assertThat(first.path("entities")).hasSize(3);
    assertThat(first.path("total").asInt()).isEqualTo(4);
    assertThat(first.path("nextUri").asText()).isEqualTo(CLIENTS + "?pageNumber=2");
    assertThat(second.path("entities")).hasSize(1).isNotEqualTo(first.path("entities"));
    assertThat(second.has("nextUri")).isFalse();

    app.turn(Knob.LIST_PAGES, "same");
    assertThat(app.get(CLIENTS + "?pageNumber=2").json().path("entities"))
        .isEqualTo(first.path("entities"));
    app.turn(Knob.LIST_NEXT_URI, "elsewhere");
    assertThat(app.get(CLIENTS).json().path("nextUri").asText()).contains("elsewhere.example");
  }

  @Test
  void a_regenerated_secret_may_take_a_while_to_work() {
    app.turn(Knob.REGENERATED_SECRET_DELAY_SECONDS, "5");
    var id = app.create("a").text("id");
    var secret = app.post(CLIENTS + "/" + id + "/secret", Map.of()).text("secret");

    assertThat(app.logIn(id, secret).status()).isEqualTo(400);
    app.advance(Duration.ofSeconds(5));
    assertThat(app.logIn(id, secret).status()).isEqualTo(200);
  }

  private String deleted() {
    var id = app.create("a").text("id");
    app.put(CLIENTS + "/" + id, with(body("a"), "state", "inactive"));
    app.delete(CLIENTS + "/" + id);
    return id;
  }
}
