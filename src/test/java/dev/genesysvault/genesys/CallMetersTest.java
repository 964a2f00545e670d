package dev.genesysvault.genesys;

import static dev.genesysvault.testing.ScriptedTransport.error;
import static dev.genesysvault.testing.ScriptedTransport.failure;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static dev.genesysvault.testing.ScriptedTransport.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.testing.RecordedMeters;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every call of Genesys is counted once, as what it was and what came of it. */
final class CallMetersTest {
  private static final String CREATE = "POST /api/v2/oauth/clients";
  private static final String LOG_IN = "POST /oauth/token";

  private final RecordedMeters meters = new RecordedMeters();
  private final Connected it = new Connected(meters);

  @BeforeEach
  void logIn() {
    it.transport.onLogIn(token("t0ken-1", 3600));
  }

  @Test
  void a_call_counts_with_its_log_in_its_lane_and_its_time() throws Exception {
    it.transport.on(
        CREATE,
        receiver -> {
          it.time.advance(Duration.ofMillis(250));
          return reply(200, Connected.MADE).to(receiver);
        });

    var _ = it.genesys.clients().create(Connected.body(), it.soon());

    assertThat(meters.counted(Metric.GENESYS_CALLS, LOG_IN, "2xx", "issue")).isEqualTo(1);
    assertThat(meters.counted(Metric.GENESYS_CALLS, CREATE, "2xx", "issue")).isEqualTo(1);
    assertThat(meters.reported(Metric.GENESYS_CALL_DURATION, CREATE)).containsExactly(250_000_000L);
    assertThat(meters.reported(Metric.GENESYS_WAIT_DURATION, "issue")).containsExactly(0L);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400",
    "403, 403",
    "404, 404",
    "408, 4xx",
    "409, 409",
    "429, 429",
    "500, 5xx",
    "503, 5xx"
  })
  void a_call_that_failed_counts_under_its_status(int status, String shown) throws Exception {
    it.transport.on(CREATE, error(status, "x"));

    var _ = it.genesys.clients().create(Connected.body(), it.soon());

    assertThat(meters.counted(Metric.GENESYS_CALLS, CREATE, shown, "issue")).isEqualTo(1);
  }

  @Test
  void a_call_without_a_reply_counts_as_one() throws Exception {
    it.transport.on(CREATE, failure(true));

    var _ = it.genesys.clients().create(Connected.body(), it.soon());

    assertThat(meters.counted(Metric.GENESYS_CALLS, CREATE, "none", "issue")).isEqualTo(1);
  }

  @Test
  void a_log_in_that_failed_counts() throws Exception {
    var refused = new Connected(meters);
    refused.transport.onLogIn(reply(400, "{\"error\":\"invalid_client\"}"));

    var _ = refused.genesys.clients().create(Connected.body(), refused.soon());

    assertThat(meters.counted(Metric.GENESYS_CALLS, LOG_IN, "400", "issue")).isEqualTo(1);
  }

  @Test
  void a_log_in_that_genesys_limits_counts_as_limited_whatever_its_status() throws Exception {
    var limited = new Connected(meters);
    limited.transport.onLogIn(
        reply(
            400, "{\"error\":\"invalid_request\",\"error_description\":\"Rate limit exceeded\"}"));

    var _ = limited.genesys.clients().create(Connected.body(), limited.soon());

    assertThat(meters.counted(Metric.GENESYS_CALLS, LOG_IN, "429", "issue")).isEqualTo(1);
    assertThat(meters.counted(Metric.GENESYS_CALLS, LOG_IN, "400", "issue")).isZero();
  }

  @Test
  void what_makes_and_ends_clients_is_there_before_it_was_called() throws Exception {
    it.transport.on(CREATE, reply(200, Connected.MADE));
    var _ = it.genesys.clients().create(Connected.body(), it.soon());

    assertThat(RecordedMeters.read(GenesysConnector.gauges()))
        .containsKey("begun GENESYS_CALLS %s 429 issue".formatted(LOG_IN))
        .containsKey("begun GENESYS_CALLS %s 2xx issue".formatted(CREATE))
        .containsKey("begun GENESYS_CALLS PUT /api/v2/oauth/clients/{clientId} none deactivate")
        .containsKey("begun GENESYS_TURNED_AWAY emergency")
        .containsKey("begun GENESYS_RETRIES token");
  }

  @Test
  void a_call_that_is_made_again_with_another_token_is_a_retry() throws Exception {
    it.transport
        .on(CREATE, error(401, "bad.credentials"))
        .onLogIn(token("t0ken-2", 3600))
        .on(CREATE, reply(200, Connected.MADE));

    var _ = it.genesys.clients().create(Connected.body(), it.soon());

    assertThat(meters.counted(Metric.GENESYS_RETRIES, "token")).isEqualTo(1);
    assertThat(meters.counted(Metric.GENESYS_CALLS, CREATE, "401", "issue")).isEqualTo(1);
    assertThat(meters.counted(Metric.GENESYS_CALLS, CREATE, "2xx", "issue")).isEqualTo(1);
  }

  @Test
  void a_call_for_which_there_is_no_place_in_time_is_turned_away_and_not_made() throws Exception {
    it.transport.on(CREATE, error(429, "too.many.requests", "Retry-After", "60"));
    var _ = it.genesys.clients().create(Connected.body(), it.soon());

    var look = new CallContext(Lane.LOOK, Deadline.in(Duration.ofSeconds(1), it.time));
    var _ = it.genesys.clients().get(Connected.ID, look);

    assertThat(meters.counted(Metric.GENESYS_TURNED_AWAY, "look")).isEqualTo(1);
    assertThat(
            meters.counted(
                Metric.GENESYS_CALLS, "GET /api/v2/oauth/clients/{clientId}", "none", "look"))
        .isZero();
  }

  @Test
  void no_label_holds_an_id_or_a_secret() throws Exception {
    it.transport
        .on("GET " + Connected.CLIENT, error(404, "not.found"))
        .on(CREATE, reply(200, Connected.MADE));

    var _ = it.genesys.clients().create(Connected.body(), it.soon());
    var _ = it.genesys.clients().get(Connected.ID, it.soon());

    assertThat(meters.labels())
        .isNotEmpty()
        .noneMatch(label -> label.contains("client-1") || label.contains("secret"));
  }
}
