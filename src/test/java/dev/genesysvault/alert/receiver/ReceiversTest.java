package dev.genesysvault.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.AlertMessage.Action;
import dev.genesysvault.alert.Receiver.Answer;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.ScriptedTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of receiver is sent, and how its answers are taken. */
final class ReceiversTest {
  private static final String MOUNT = "11111111-2222-3333-4444-555555555555";
  private static final String URL = "https://hooks.example.com/services/T0123456/secret-path";
  private static final String ROUTING_KEY = "0123456789abcdef0123456789ABCDEF";
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Instant SINCE = Instant.parse("2025-12-31T22:00:00Z");

  private final FakeTime time = new FakeTime();
  private final ScriptedTransport network = new ScriptedTransport();

  private static AlertMessage message(Action action) {
    var alarm =
        new Alarm(AlarmKind.ROTATION_OVERDUE, "crm", SINCE, "it is <late> & [waits](http://x)");
    return new AlertMessage(
        "cause-1-" + action.word(),
        MOUNT + "-cause",
        action,
        MOUNT,
        "genesys/",
        alarm,
        action == Action.RESOLVE ? SINCE.plus(Duration.ofMinutes(90)) : null,
        action == Action.RESOLVE ? 2 : 1);
  }

  private Answer tell(ReceiverKind kind, Map<String, String> settings, Action action)
      throws InterruptedException {
    return kind.open(settings).tell(message(action), Deadline.in(Duration.ofSeconds(10), time));
  }

  private JsonNode sent() throws Exception {
    return new ObjectMapper().readTree(network.lastBody());
  }

  @Test
  void signs_as_standard_webhooks_does_in_its_own_example() {
    var signature =
        SigningKey.of("signing_key", KEY)
            .signature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

    assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_webhook_gets_a_cloud_event_with_all_that_is_known() throws Exception {
    network.on("POST /services/T0123456/secret-path", ScriptedTransport.reply(204, ""));

    var answer = tell(new WebhookKind(network, time), Map.of("url", URL), Action.RESOLVE);

    assertThat(answer).isInstanceOf(Answer.Confirmed.class);
    assertThat(network.last().headers())
        .containsEntry("Content-Type", "application/cloudevents+json; charset=utf-8")
        .containsEntry("webhook-id", "cause-1-resolved")
        .containsEntry("webhook-timestamp", String.valueOf(FakeTime.START.getEpochSecond()))
        .doesNotContainKey("webhook-signature");
    var event = sent();
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("id").asText()).isEqualTo("cause-1-resolved");
    assertThat(event.path("source").asText()).isEqualTo("urn:uuid:" + MOUNT);
    assertThat(event.path("type").asText()).isEqualTo("dev.genesysvault.alarm.resolved");
    assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
    var data = event.path("data");
    assertThat(data.path("alarm").asText()).isEqualTo("rotation_overdue");
    assertThat(data.path("severity").asText()).isEqualTo("critical");
    assertThat(data.path("subject").asText()).isEqualTo("crm");
    assertThat(data.path("since").asText()).isEqualTo("2025-12-31T22:00:00Z");
    assertThat(data.path("ended").asText()).isEqualTo("2025-12-31T23:30:00Z");
    assertThat(data.path("count").asInt()).isEqualTo(2);
    assertThat(data.path("path").asText()).isEqualTo("genesys/static-roles/crm/status");
  }

  @Test
  void a_webhook_is_signed_with_both_keys_while_one_is_changed() throws Exception {
    network.on("POST /services/T0123456/secret-path", ScriptedTransport.reply(200, ""));
    var other = "whsec_" + "QUJD".repeat(10);

    var _ =
        tell(
            new WebhookKind(network, time),
            Map.of("url", URL, "signing_key", other, "previous_signing_key", KEY),
            Action.TRIGGER);

    var body = network.last().body();
    assertThat(network.last().headers().get("webhook-signature"))
        .isEqualTo(
            SigningKey.of("", other).signature("cause-1-triggered", FakeTime.START, body)
                + " "
                + SigningKey.of("", KEY).signature("cause-1-triggered", FakeTime.START, body));
  }

  @Test
  void slack_gets_text_in_which_nobody_is_mentioned() throws Exception {
    network.on("POST /services/T0123456/secret-path", ScriptedTransport.reply(200, "ok"));

    var _ = tell(ChatKind.slack(network, time), Map.of("url", URL), Action.TRIGGER);

    assertThat(sent().path("text").asText())
        .startsWith("*[CRITICAL] genesys/ (crm): ")
        .contains("*What was seen:* it is &lt;late&gt; &amp; [waits]")
        .contains("*What to do:* ")
        .contains("*Where to look:* vault read genesys/static-roles/crm/status");
  }

  @Test
  void teams_gets_an_adaptive_card_without_links_of_others() throws Exception {
    network.on("POST /services/T0123456/secret-path", ScriptedTransport.reply(202, ""));

    var _ = tell(ChatKind.teams(network, time), Map.of("url", URL), Action.TRIGGER);

    var attachment = sent().path("attachments").path(0);
    assertThat(sent().path("type").asText()).isEqualTo("message");
    assertThat(attachment.path("contentType").asText())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    var card = attachment.path("content");
    assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
    assertThat(card.path("body").path(0).path("color").asText()).isEqualTo("Attention");
    assertThat(card.path("body").path(1).path("facts").path(0).path("value").asText())
        .isEqualTo("it is \\<late\\> & \\[waits\\]\\(http://x\\)");
  }

  @Test
  void pagerduty_gets_an_event_whose_key_is_the_cause() throws Exception {
    network.on("POST /v2/enqueue", ScriptedTransport.reply(202, "{\"status\":\"success\"}"));
    network.on("POST /v2/enqueue", ScriptedTransport.reply(202, "{\"status\":\"success\"}"));
    var kind = new PagerDutyKind(network, time);

    var _ = tell(kind, Map.of("routing_key", ROUTING_KEY), Action.TRIGGER);
    assertThat(network.last().uri()).hasHost("events.pagerduty.com");
    var trigger = sent();
    assertThat(trigger.path("routing_key").asText()).isEqualTo(ROUTING_KEY);
    assertThat(trigger.path("event_action").asText()).isEqualTo("trigger");
    assertThat(trigger.path("dedup_key").asText()).hasSizeLessThanOrEqualTo(255);
    assertThat(trigger.path("payload").path("severity").asText()).isEqualTo("critical");
    assertThat(trigger.path("payload").path("summary").asText()).hasSizeLessThanOrEqualTo(1_024);
    assertThat(trigger.path("payload").path("source").asText()).isEqualTo("genesys/");

    var _ = tell(kind, Map.of("routing_key", ROUTING_KEY), Action.RESOLVE);
    assertThat(sent().path("event_action").asText()).isEqualTo("resolve");
    assertThat(sent().path("dedup_key")).isEqualTo(trigger.path("dedup_key"));
  }

  @Test
  void a_test_leaves_no_incident_of_pagerduty_open() throws Exception {
    network.on("POST /v2/enqueue", ScriptedTransport.reply(202, ""));
    network.on("POST /v2/enqueue", ScriptedTransport.reply(202, ""));

    var _ =
        tell(
            new PagerDutyKind(network, time),
            Map.of("routing_key", ROUTING_KEY, "url", "https://events.eu.pagerduty.com/v2/enqueue"),
            Action.TEST);

    assertThat(network.requests()).hasSize(2);
    assertThat(network.last().uri()).hasHost("events.eu.pagerduty.com");
    assertThat(sent().path("event_action").asText()).isEqualTo("resolve");
    assertThat(sent().path("payload").path("severity").asText()).isEqualTo("info");
  }

  @ParameterizedTest
  @CsvSource({
    "200, Confirmed",
    "202, Confirmed",
    "400, Refused",
    "413, Refused",
    "422, Refused",
    "301, Away",
    "308, Away",
    "401, Away",
    "403, Away",
    "404, Away",
    "410, Away",
    "429, Away",
    "500, Away",
    "502, Away",
    "503, Away"
  })
  void an_answer_is_taken_for_what_it_is(int status, String kind) throws Exception {
    network.on("POST /services/T0123456/secret-path", ScriptedTransport.reply(status, "so"));

    var answer = tell(ChatKind.slack(network, time), Map.of("url", URL), Action.TRIGGER);

    assertThat(answer.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(answer.toString()).contains("HTTP " + status, "so");
  }

  @Test
  void who_throttles_is_left_alone_as_long_as_it_says() throws Exception {
    network.on(
        "POST /services/T0123456/secret-path",
        ScriptedTransport.reply(429, "", "Retry-After", "90"));

    var answer = tell(ChatKind.slack(network, time), Map.of("url", URL), Action.TRIGGER);

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Away.class,
            away -> assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(90)));
  }

  @Test
  void no_secret_is_in_any_answer_or_text() throws Exception {
    network.on(
        "POST /v2/enqueue-secret-path",
        request ->
            ScriptedTransport.reply(401, "no: " + ROUTING_KEY + " at " + request.uri().getPath())
                .to(request));
    network.on("POST /v2/enqueue-secret-path", ScriptedTransport.failure(true));
    var settings =
        Map.of(
            "routing_key", ROUTING_KEY, "url", "https://events.example.com/v2/enqueue-secret-path");
    var kind = new PagerDutyKind(network, time);

    var texts =
        List.of(
            tell(kind, settings, Action.TRIGGER).toString(),
            tell(kind, settings, Action.TRIGGER).toString(),
            kind.open(settings).toString(),
            new WebhookKind(network, time).open(Map.of("url", URL, "signing_key", KEY)).toString());

    assertThat(texts)
        .allSatisfy(
            text -> assertThat(text).doesNotContain(ROUTING_KEY, "secret-path", KEY.substring(6)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no /services/T0123456/secret-path here",
        "{\"path\":\"\\/services\\/T0123456\\/secret-path\"}",
        "no %2Fservices%2FT0123456%2fsecret%2Dpath here",
        "SERVICES/T0123456/SECRET-PATH is unknown",
        "secret-path",
        "s e c r e t - p a t h",
        "\\u0073ecret-path",
        "<a href=\"https://hooks.example.com/services/T0123456/secret-path?a&amp;b\">"
      })
  void nothing_of_an_url_is_shown_however_an_answer_spells_it(String said) throws Exception {
    network.on("POST /services/T0123456/secret-path", ScriptedTransport.reply(500, said));

    var answer = tell(ChatKind.slack(network, time), Map.of("url", URL), Action.TRIGGER);

    assertThat(answer.toString().replace(" ", ""))
        .contains("answersHTTP500")
        .doesNotContainIgnoringCase("T0123456")
        .doesNotContainIgnoringCase("ecret-path")
        .doesNotContainIgnoringCase("secret%2Dpath");
  }

  @Test
  void an_answer_that_repeats_nothing_is_shown() throws Exception {
    network.on("POST /services/T0123456/secret-path", ScriptedTransport.reply(404, "no_team"));

    assertThat(tell(ChatKind.slack(network, time), Map.of("url", URL), Action.TRIGGER).toString())
        .contains("hooks.example.com answers HTTP 404: no_team");
  }

  @Test
  void an_answer_of_a_megabyte_is_cut() throws Exception {
    network.on(
        "POST /services/T0123456/secret-path", ScriptedTransport.reply(500, "x".repeat(1 << 20)));

    var answer = tell(ChatKind.slack(network, time), Map.of("url", URL), Action.TRIGGER);

    assertThat(answer.toString()).hasSizeLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.example.com/x",
        "ftp://hooks.example.com/x",
        "https://user:pass@hooks.example.com/x",
        "https:///x",
        "hooks.example.com",
        "https://hooks.example.com:0/x",
        "https://hooks.example.com:99999/x",
        "https://hooks.example.com/x#y",
        "xoxb-1234-secret"
      })
  void a_url_that_leads_nowhere_safe_is_refused_and_not_quoted(String url) {
    assertThatThrownBy(() -> ChatKind.slack(network, time).open(Map.of("url", url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url ")
        .hasMessageContaining("must be")
        .message()
        .doesNotContain("/x#y", "pass@", "xoxb");
  }

  @Test
  void http_is_for_this_host_alone() {
    assertThat(
            ChatKind.slack(network, time).open(Map.of("url", "http://127.0.0.1:9000/hook")).host())
        .isEqualTo("127.0.0.1:9000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"whsec_", "whsec_AAAA", "not base64!", "whsec_%"})
  void a_key_that_signs_nothing_is_refused_and_not_quoted(String key) {
    assertThatThrownBy(
            () -> new WebhookKind(network, time).open(Map.of("url", URL, "signing_key", key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("signing_key is no key of Standard Webhooks; must be whsec_ and");
  }
}
