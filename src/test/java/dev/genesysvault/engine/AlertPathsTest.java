package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.testing.ScriptedTransport;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code alerts/} takes, refuses and shows. */
final class AlertPathsTest {
  private static final Map<String, String> SOC = Map.of("name", "soc");
  private static final String ROUTING_KEY = "0123456789abcdef0123456789ABCDEF";
  private static final String URL = "https://hooks.example.com/services/s3cret-path";

  private final EngineHarness it = new EngineHarness();

  @BeforeEach
  void configured() throws Exception {
    var _ = it.configure();
  }

  private Reply write(Object... fields) throws InterruptedException {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return it.write("alerts/name", SOC, map);
  }

  private static Map<String, Object> data(Reply reply) {
    return new LinkedHashMap<>(Replies.data(reply));
  }

  private static String refusal(Reply reply) {
    return Replies.refusal(reply, 400);
  }

  private Map<String, Object> read() throws InterruptedException {
    return data(it.read("alerts/name", SOC));
  }

  @Test
  void shows_what_was_written_with_its_defaults_and_no_secret() throws Exception {
    var _ = write("kind", "pagerduty", "routing_key", ROUTING_KEY);

    assertThat(read())
        .containsEntry("kind", "pagerduty")
        .containsEntry("host", "events.pagerduty.com")
        .containsEntry("min_severity", "info")
        .containsEntry("events", List.of())
        .containsEntry("secrets_kept", List.of("routing_key"))
        .containsEntry("waiting", 0)
        .containsEntry("last_error", "");
    assertThat(read().toString()).doesNotContain(ROUTING_KEY);
  }

  @Test
  void a_later_write_leaves_alone_what_it_does_not_name() throws Exception {
    var _ = write("kind", "slack", "url", URL, "events", List.of("drift"));

    var _ = write("min_severity", "critical");

    assertThat(read())
        .containsEntry("min_severity", "critical")
        .containsEntry("events", List.of("drift"))
        .containsEntry("host", "hooks.example.com");
    assertThat(read().toString()).doesNotContain("s3cret-path");
  }

  @Test
  void a_key_that_is_not_used_any_more_is_taken_away_by_an_empty_one() throws Exception {
    var key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    var _ =
        write(
            "kind",
            "webhook",
            "url",
            URL,
            "signing_key",
            key,
            "previous_signing_key",
            "whsec_" + "QUJD".repeat(10));

    var _ = write("previous_signing_key", "");

    assertThat(read()).containsEntry("secrets_kept", List.of("signing_key", "url"));
  }

  @Test
  void another_kind_takes_nothing_of_the_former_one_along() throws Exception {
    var _ = write("kind", "slack", "url", URL);

    assertThat(refusal(write("kind", "pagerduty"))).startsWith("routing_key is missing");
    assertThat(read()).containsEntry("kind", "slack");
  }

  @Test
  void a_key_does_not_go_to_another_address_than_it_was_given_for() throws Exception {
    var _ = write("kind", "pagerduty", "routing_key", ROUTING_KEY);

    var refused = refusal(write("url", "https://events.evil.example/v2/enqueue"));

    assertThat(refused)
        .isEqualTo(
            "url changes, and routing_key was given for the former one: write routing_key as well");
    assertThat(read()).containsEntry("host", "events.pagerduty.com");
  }

  @Test
  void what_is_wrong_is_refused_and_changes_nothing() throws Exception {
    assertThat(refusal(write("kind", "pigeon")))
        .isEqualTo("kind is \"pigeon\"; must be one of webhook, slack, teams, pagerduty");
    assertThat(refusal(write("url", URL)))
        .isEqualTo("kind is \"\"; must be one of webhook, slack, teams, pagerduty");
    assertThat(refusal(write("kind", "slack"))).startsWith("url is missing; must be");
    assertThat(refusal(write("kind", "slack", "url", URL, "routing_key", "x")))
        .isEqualTo("routing_key is no field of the kind slack, which has url");
    assertThat(refusal(write("kind", "slack", "url", URL, "min_severity", "bad")))
        .contains("min_severity", "bad", "critical, error, warning, info");
    assertThat(refusal(write("kind", "slack", "url", URL, "events", List.of("x"))))
        .startsWith("events names \"x\"; must be some of genesys_unreachable, ");
    assertThat(it.read("alerts/name", SOC)).isInstanceOf(Reply.Nothing.class);
  }

  @Test
  void there_are_no_more_than_twenty_receivers() throws Exception {
    for (int i = 0; i < 20; i++) {
      var _ = it.write("alerts/name", Map.of("name", "r" + i), Map.of("kind", "slack", "url", URL));
    }

    assertThat(refusal(write("kind", "slack", "url", URL)))
        .startsWith("there are 20 receivers of alarms already");
    assertThat(it.write("alerts/name", Map.of("name", "r3"), Map.of("min_severity", "error")))
        .isNotEqualTo(null);
  }

  @Test
  void a_test_shows_what_the_receiver_answers() throws Exception {
    var _ = write("kind", "slack", "url", URL);
    it.receivers.on("POST /services/s3cret-path", ScriptedTransport.reply(200, "ok"));
    it.receivers.on(
        "POST /services/s3cret-path",
        ScriptedTransport.reply(404, "no_service /services/s3cret-path"));

    var went = data(it.write("alerts/test", Map.of("receiver", "soc"), Map.of()));
    var failed = data(it.write("alerts/test", Map.of("receiver", "soc"), Map.of()));

    assertThat(went).containsEntry("delivered", true).containsEntry("answer", "HTTP 200: ok");
    assertThat(it.receivers.lastBody()).contains("[TEST] Nothing is wrong");
    assertThat(failed).containsEntry("delivered", false);
    assertThat(String.valueOf(failed.get("answer")))
        .startsWith(
            "hooks.example.com answers HTTP 404: no_service [redacted]; write url and keys");
  }

  @Test
  void a_test_of_nobody_says_what_to_write() throws Exception {
    assertThat(refusal(it.write("alerts/test", Map.of("receiver", "nobody"), Map.of())))
        .isEqualTo("there is no receiver \"nobody\": write genesys/alerts/nobody first");
  }

  @Test
  void receivers_are_listed_and_deleted() throws Exception {
    var _ = write("kind", "slack", "url", URL);
    assertThat(data(it.serve("alerts/list", Operation.LIST, Map.of(), Map.of())))
        .containsEntry("keys", List.of("soc"));

    var _ = it.serve("alerts/name", Operation.DELETE, SOC, Map.of());

    assertThat(it.storage.keys()).noneMatch(key -> key.contains("alerts"));
  }

  @Test
  void one_that_cannot_be_read_is_written_anew_or_deleted() throws Exception {
    it.storage.put("sealed/alerts/soc", "{".getBytes(StandardCharsets.UTF_8));

    assertThat(refusal(write("min_severity", "error"))).startsWith("kind is \"\"");
    assertThat(write("kind", "slack", "url", URL)).isInstanceOf(Reply.Nothing.class);
    assertThat(read()).containsEntry("host", "hooks.example.com");

    it.storage.put("sealed/alerts/soc", "{".getBytes(StandardCharsets.UTF_8));
    var _ = it.serve("alerts/name", Operation.DELETE, SOC, Map.of());
    assertThat(it.read("alerts/name", SOC)).isInstanceOf(Reply.Nothing.class);
  }
}
