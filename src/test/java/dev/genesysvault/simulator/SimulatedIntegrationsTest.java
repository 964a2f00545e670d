package dev.genesysvault.simulator;

import static dev.genesysvault.simulator.Application.pair;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.simulator.Application.Answer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What integrations of the simulated organisation log in with. */
final class SimulatedIntegrationsTest {
  private static final String CREDENTIALS = "/api/v2/integrations/credentials";
  private static final String CREDENTIAL = CREDENTIALS + "/" + Seed.CREDENTIAL_ID;

  private final Application app = new Application();

  private static Map<String, Object> body(String type, Map<String, Object> fields) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", "CRM");
    body.put("type", Map.of("name", type));
    body.put("credentialFields", fields);
    return body;
  }

  private static Map<String, Object> body() {
    return body("pureCloudOAuthClient", Map.of("clientId", "c-1", "clientSecret", "s-1"));
  }

  private Answer held() {
    return app.get("/_simulator/integration-credentials");
  }

  @Test
  void one_is_shown_without_what_it_holds() {
    var shown = app.get(CREDENTIAL);

    assertThat(shown.text("name")).isEqualTo("CRM");
    assertThat(shown.json().path("type").path("name").asText()).isEqualTo("pureCloudOAuthClient");
    assertThat(shown.json().path("credentialFields")).isEmpty();
    assertThat(shown.json().has("modifiedDate")).isFalse();
  }

  @Test
  void what_else_it_shows_is_a_knob_and_never_its_secret() {
    app.turn(Knob.INTEGRATION_CREDENTIAL_SHOWN, "clientId too");
    assertThat(app.get(CREDENTIAL).json().path("credentialFields").toString())
        .contains(Seed.EXISTING_CLIENT_ID)
        .doesNotContain("clientSecret");
    app.turn(Knob.INTEGRATION_CREDENTIAL_SHOWN, "modifiedDate too");
    assertThat(app.get(CREDENTIAL).text("modifiedDate")).startsWith("2026-01-01T00:00:00");
  }

  @Test
  void a_write_replaces_what_it_holds_and_moves_its_time() {
    var first = app.put(CREDENTIAL, body());
    var second = app.put(CREDENTIAL, body());
    app.advance(Duration.ofHours(1));

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.json().has("credentialFields")).isFalse();
    assertThat(second.text("modifiedDate")).isGreaterThan(first.text("modifiedDate"));
    assertThat(app.put(CREDENTIAL, body()).text("modifiedDate")).isEqualTo("2026-01-01T01:00:00Z");
    assertThat(held().json().path("credentials").get(1).path("credentialFields").toString())
        .contains("c-1", "s-1");
  }

  @Test
  void a_write_is_whole_and_changes_no_type() {
    var nameless = new LinkedHashMap<>(body());
    nameless.remove("name");

    assertThat(app.put(CREDENTIAL, nameless).status()).isEqualTo(400);
    assertThat(app.put(CREDENTIAL, body("basicAuth", Map.of())).status()).isEqualTo(400);
    assertThat(app.put(CREDENTIAL, body("pureCloudOAuthClient", Map.of("clientId", "c"))).status())
        .isEqualTo(400);
    assertThat(app.put(CREDENTIALS + "/nobody", body()).status()).isEqualTo(404);
    assertThat(held().json().toString()).doesNotContain("c-1");
  }

  @Test
  void the_list_has_times_and_goes_on_page_by_page() {
    var first = app.get(CREDENTIALS + "/listing?pageSize=1");
    var next = app.get(first.text("nextUri"));

    assertThat(first.json().path("entities")).hasSize(1);
    assertThat(next.json().path("entities").get(0).path("id").asText())
        .isEqualTo(Seed.CREDENTIAL_ID);
    assertThat(next.json().path("entities").get(0).has("modifiedDate")).isTrue();
    assertThat(next.json().has("nextUri")).isFalse();
    assertThat(app.get(CREDENTIALS + "/listing").json().path("entities")).hasSize(2);
  }

  @Test
  void nobody_reads_or_writes_without_the_permission() {
    app.be(Seed.LIMITED_CLIENT_ID, Seed.LIMITED_CLIENT_SECRET);

    assertThat(app.get(CREDENTIAL).code()).isEqualTo("missing.any.permissions");
    assertThat(app.get(CREDENTIALS + "/listing").status()).isEqualTo(403);
    assertThat(app.put(CREDENTIAL, body()).text("message"))
        .contains("integrations:integration:edit");
    app.post(
        "/_simulator/grants",
        Map.of(
            "client_id",
            Seed.LIMITED_CLIENT_ID,
            "role_divisions",
            List.of(pair(Seed.ROLE_INTEGRATIONS, "*"))));
    assertThat(app.put(CREDENTIAL, body()).status()).isEqualTo(200);
  }

  @Test
  void faults_meet_it_by_its_template_and_a_reset_puts_it_back() {
    app.post(
        "/_simulator/faults",
        Map.of("method", "PUT", "path", CREDENTIALS + "/{credentialId}", "status", 503));

    assertThat(app.put(CREDENTIAL, body()).status()).isEqualTo(503);
    assertThat(app.put(CREDENTIAL, body()).status()).isEqualTo(200);
    app.post("/_simulator/reset", Map.of());
    assertThat(held().json().toString()).contains(Seed.EXISTING_CLIENT_ID).doesNotContain("c-1");
  }
}
