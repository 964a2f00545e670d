package dev.genesysvault.simulator;

import static dev.genesysvault.simulator.Application.CLIENTS;
import static dev.genesysvault.simulator.Application.body;
import static dev.genesysvault.simulator.Application.pair;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulated Genesys makes of what it is sent, where a knob says so. */
final class SimulatedOtherwiseTest {
  private final Application app = new Application();

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          WHITE_SPACE_AT_ENDS, trimmed,   ' a  B–', 'a  B–'
          WHITE_SPACE_INSIDE,  collapsed, ' a  B–', ' a B–'
          LETTER_CASE,         upper,     ' a  B–', ' A  B–'
          LETTER_CASE,         lower,     ' a  B–', ' a  b–'
          OUTSIDE_LATIN_1,     replaced,  ' a  B–', ' a  B?'
          LETTER_CASE,         kept,      ' a  B–', ' a  B–'
          """)
  void texts_are_stored_as_knobs_say(Knob knob, String value, String sent, String stored) {
    app.turn(knob, value);
    var members = body(sent);
    members.put("description", sent);

    var made = app.post(CLIENTS, members);

    assertThat(made.text("name")).isEqualTo(stored);
    assertThat(made.text("description")).isEqualTo(stored);
    assertThat(app.put(CLIENTS + "/" + made.text("id"), members).text("name")).isEqualTo(stored);
  }

  @Test
  void half_a_character_is_stored_as_a_question_mark() {
    assertThat(app.create("a\uD83D").text("name")).isEqualTo("a?");
  }

  @ParameterizedTest
  @CsvSource({
    "as kept, 3",
    "reversed, 3",
    "twice, 6",
    "upper case, 3",
    "without what all divisions have, 2"
  })
  void pairs_are_shown_as_the_knob_says(String value, int count) {
    app.turn(Knob.PAIRS_SHOWN, value);
    var members = body("a");
    var sales = pair(Seed.ROLE_READER, Seed.DIVISION_SALES);
    var home = pair(Seed.ROLE_ADMIN, Seed.DIVISION_HOME);
    members.put("roleDivisions", List.of(sales, home, pair(Seed.ROLE_ADMIN, "*")));

    var made = app.post(CLIENTS, members);

    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json().path("roleDivisions")).hasSize(count);
    assertThat(app.get(CLIENTS + "/" + made.text("id")).json().path("roleDivisions"))
        .isEqualTo(made.json().path("roleDivisions"));
  }

  @Test
  void ids_are_taken_in_the_case_in_which_they_were_shown() {
    app.turn(Knob.PAIRS_SHOWN, "upper case");
    var made = app.create("a");
    var members = body("a");
    members.put(
        "roleDivisions",
        List.of(
            pair(
                Seed.ROLE_READER.toUpperCase(Locale.ROOT),
                Seed.DIVISION_SALES.toUpperCase(Locale.ROOT))));

    assertThat(app.post(CLIENTS, members).status()).isEqualTo(200);
    assertThat(made.status()).isEqualTo(200);
  }

  @Test
  void a_reply_with_a_secret_may_leave_roles_out() {
    app.turn(Knob.SHOWN_WITH_SECRET, "without roles");

    var made = app.create("a");

    assertThat(made.json().has("roleDivisions")).isFalse();
    assertThat(app.get(CLIENTS + "/" + made.text("id")).json().has("roleDivisions")).isTrue();
  }

  @Test
  void a_pair_is_added_where_the_knob_says_so() {
    app.turn(Knob.DIVISION_ADDED_ON_CREATE, "yes");

    assertThat(app.create("a").json().path("roleDivisions")).hasSize(2);
  }

  @Test
  void a_correlation_id_may_get_lost() {
    assertThat(app.create("a").header("ININ-Correlation-Id")).isNotEmpty();
    app.turn(Knob.CORRELATION_ID, "lost");
    assertThat(app.create("b").header("ININ-Correlation-Id")).isEmpty();
  }

  @Test
  void a_gateway_answers_with_nothing_and_nothing_happens() {
    var id = app.create("a").text("id");
    app.post(
        "/_simulator/faults",
        Map.of("method", "PUT", "path", CLIENTS + "/{clientId}", "status", 204, "gateway", true));
    var inactive = body("a");
    inactive.put("state", "inactive");

    var claimed = app.put(CLIENTS + "/" + id, inactive);

    assertThat(claimed.status()).isEqualTo(204);
    assertThat(claimed.reply().headers()).isEmpty();
    assertThat(app.get(CLIENTS + "/" + id).text("state")).isEqualTo("active");
  }
}
