package dev.genesysvault.genesys;

import static dev.genesysvault.testing.ScriptedTransport.error;
import static dev.genesysvault.testing.ScriptedTransport.failure;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static dev.genesysvault.testing.ScriptedTransport.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.Reachability.Away;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether Genesys is there is known from the calls that are made anyway. */
final class ReachabilityTest {
  private static final String GET = "GET " + Connected.CLIENT;

  private final FakeTime time = new FakeTime();
  private final Connected it = new Connected(new SystemLocks(), time);

  private Reachability.Reading reading() {
    return it.genesys.reachability();
  }

  private Away away() {
    return reading().away().orElseThrow();
  }

  private void get() throws InterruptedException {
    var _ = it.genesys.clients().get(Connected.ID, it.soon());
  }

  @Test
  void nothing_is_known_before_the_first_call() {
    assertThat(reading()).isEqualTo(Reachability.Reading.UNKNOWN);
  }

  @Test
  void a_call_that_goes_well_is_remembered() throws Exception {
    it.transport.on(GET, reply(200, Connected.MADE));

    get();

    assertThat(reading().lastSuccess()).contains(FakeTime.START);
    assertThat(reading().away()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"400, bad.request", "403, not.authorized", "404, not.found", "429, too.many"})
  void whoever_refuses_a_call_is_there(int status, String code) throws Exception {
    it.transport.on(GET, failure(true)).on(GET, error(status, code));

    get();
    assertThat(reading().away()).isPresent();
    get();

    assertThat(reading()).isEqualTo(Reachability.Reading.UNKNOWN);
  }

  @Test
  void a_conflict_says_that_somebody_is_there() throws Exception {
    it.transport.on(GET, failure(true)).on(GET, error(409, "conflict"));

    get();
    get();

    assertThat(reading().away()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 408, 302})
  void whoever_answers_nothing_useful_is_away_since_the_first_time(int status) throws Exception {
    it.transport.on(GET, error(status, "a", "ININ-Correlation-Id", "cid-1"));
    it.transport.on(GET, error(status, "b", "ININ-Correlation-Id", "cid-2"));

    get();
    time.advance(Duration.ofMinutes(3));
    get();
    time.advance(Duration.ofMinutes(4));

    assertThat(away().since()).isEqualTo(FakeTime.START);
    assertThat(away().lasting()).isEqualTo(Duration.ofMinutes(7));
    assertThat(away().last()).isEqualTo(FakeTime.START.plus(Duration.ofMinutes(3)));
    assertThat(away().failures()).isEqualTo(2);
    assertThat(away().reason()).contains("HTTP " + status);
    assertThat(away().correlationId()).isEqualTo("cid-2");
    assertThat(away().logInRefused()).isFalse();
  }

  @Test
  void a_page_of_somebody_else_is_no_answer() throws Exception {
    it.transport.on(GET, reply(403, "<html>blocked</html>"));

    get();

    assertThat(away().reason()).contains("a proxy's?");
  }

  @Test
  void how_long_it_lasts_does_not_hang_on_the_wall_clock() throws Exception {
    it.transport.on(GET, failure(false));
    get();

    time.setAhead(Duration.ofHours(-5));
    time.advance(Duration.ofMinutes(6));

    assertThat(away().lasting()).isEqualTo(Duration.ofMinutes(6));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401})
  void a_refused_log_in_is_told_apart(int status) throws Exception {
    it.transport.onLogIn(
        reply(status, "{\"error\":\"invalid_client\",\"description\":\"authentication failed\"}"));

    get();

    assertThat(away().logInRefused()).isTrue();
    assertThat(away().reason()).contains("own-client").doesNotContain(Connected.OWN_SECRET);
  }

  @Test
  void a_log_in_that_goes_well_says_nothing_of_the_calls() throws Exception {
    it.transport
        .onLogIn(token("t-1", 60))
        .on(GET, failure(false))
        .onLogIn(token("t-2", 60))
        .on(GET, failure(false));

    get();
    time.advance(Duration.ofMinutes(6));
    get();

    assertThat(away().lasting()).isEqualTo(Duration.ofMinutes(6));
    assertThat(away().failures()).isEqualTo(2);
    assertThat(reading().lastSuccess()).isEmpty();
  }

  @Test
  void too_many_log_ins_say_nothing() throws Exception {
    it.transport.onLogIn(reply(429, "{}", "Retry-After", "5"));

    get();

    assertThat(reading()).isEqualTo(Reachability.Reading.UNKNOWN);
  }

  @Test
  void a_token_that_is_not_taken_any_more_is_no_outage() throws Exception {
    it.transport.on(GET, error(401, "bad.credentials")).on(GET, reply(200, Connected.MADE));

    get();

    assertThat(reading().away()).isEmpty();
    assertThat(reading().lastSuccess()).isPresent();
  }

  @Test
  void a_reason_is_bounded_and_printable() throws Exception {
    it.transport.on(GET, error(503, "x\\u0007" + "y".repeat(2_000)));

    get();

    assertThat(away().reason()).hasSizeLessThanOrEqualTo(Reachability.MOST_REASON);
    assertThat(away().reason().chars()).noneMatch(Character::isISOControl);
  }
}
