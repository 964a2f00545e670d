package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.genesys.Connected.value;
import static dev.genesysvault.testing.ScriptedTransport.error;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BudgetTest {
  private static final String HOME = Operation.HOME_DIVISION.request();
  private static final String FOUND = "{\"id\":\"div-home\"}";

  private final Connected to = new Connected();

  private static ScriptedTransport.Answer seen(String count, String allowed, String reset) {
    return reply(
        200,
        FOUND,
        "inin-ratelimit-count",
        count,
        "ININ-RateLimit-Allowed",
        allowed,
        "inin-ratelimit-reset",
        reset);
  }

  private Outcome<?> call(Duration within) throws InterruptedException {
    return to.genesys.directory().homeDivision(to.within(within));
  }

  @Test
  void learns_from_the_headers_of_a_reply() throws Exception {
    to.transport.on(HOME, seen("17", "250", "31"));

    value(Operation.HOME_DIVISION.run(to));

    var reading = to.genesys.budget();
    assertThat(reading.used()).isEqualTo(17);
    assertThat(reading.allowed()).isEqualTo(250);
    assertThat(reading.reset()).isEqualTo(Duration.ofSeconds(31));
    assertThat(reading.paused()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "x, 250, 31",
    "17, 0, 31",
    "17, -1, 31",
    "17, 250, -1",
    "17, 250, 99999",
    "17, 250, 1.5",
    "'', '', ''",
    "99999999999, 250, 31"
  })
  void ignores_headers_that_make_no_sense(String count, String allowed, String reset)
      throws Exception {
    to.transport.on(HOME, seen(count, allowed, reset));

    value(Operation.HOME_DIVISION.run(to));

    assertThat(to.genesys.budget().allowed()).isEqualTo(300);
    assertThat(to.genesys.budget().used()).isEqualTo(1);
  }

  @Test
  void asks_nothing_while_the_budget_is_spent() throws Exception {
    to.transport.on(HOME, seen("300", "300", "31"));
    value(Operation.HOME_DIVISION.run(to));

    assertThat(failure(call(Duration.ofSeconds(20))))
        .isEqualTo(new Limited(Operation.HOME_DIVISION.template(), Duration.ofSeconds(31), "none"));
    assertThat(to.transport.requests()).hasSize(2);
  }

  @Test
  void waits_for_the_next_window_where_the_deadline_allows_it() throws Exception {
    var time = new FakeTime();
    var locks = new SoloLocks(time);
    var solo = new Connected(locks, time);
    solo.transport.on(HOME, seen("300", "300", "5")).on(HOME, seen("1", "300", "60"));
    value(Operation.HOME_DIVISION.run(solo));

    value(Operation.HOME_DIVISION.run(solo));

    assertThat(locks.waits()).containsExactly(Duration.ofSeconds(5));
    assertThat(solo.transport.last().timeout()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void leaves_a_share_to_others() throws Exception {
    var modest =
        new Connected(new SystemLocks(), new FakeTime(), "https://a.test", "https://l.test", 0.5);
    modest.transport.on(HOME, seen("150", "300", "31"));
    value(Operation.HOME_DIVISION.run(modest));

    assertThat(failure(Operation.HOME_DIVISION.run(modest))).isInstanceOf(Limited.class);
  }

  @Test
  void a_429_stops_every_request_until_its_time_has_come() throws Exception {
    to.transport.on(HOME, error(429, "too.many.requests.retry.after", "Retry-After", "7200"));
    to.transport.on(HOME, reply(200, FOUND));
    assertThat(failure(Operation.HOME_DIVISION.run(to))).isInstanceOf(Limited.class);
    assertThat(to.genesys.budget().paused()).isEqualTo(Duration.ofHours(2));

    for (var operation : List.of(Operation.CREATE, Operation.DELETE, Operation.HOME_DIVISION)) {
      assertThat(failure(operation.run(to)))
          .isEqualTo(new Limited(operation.template(), Duration.ofHours(2), "none"));
    }
    assertThat(to.transport.requests()).hasSize(2);

    to.time.advance(Duration.ofHours(2));
    to.transport.onLogIn(ScriptedTransport.token("t", 600));
    value(Operation.HOME_DIVISION.run(to));
  }

  @Test
  void a_request_ends_by_its_deadline_or_after_half_a_minute() throws Exception {
    to.transport.on(HOME, reply(200, FOUND)).on(HOME, reply(200, FOUND));

    value(call(Duration.ofSeconds(7)));
    assertThat(to.transport.last().timeout()).isEqualTo(Duration.ofSeconds(7));
    value(call(Duration.ofMinutes(5)));
    assertThat(to.transport.last().timeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void asks_nothing_after_the_deadline() throws Exception {
    assertThat(failure(call(Duration.ZERO)))
        .isEqualTo(new Unavailable("POST /oauth/token", "no time was left to log in", "none"));

    to.transport.on(HOME, reply(200, FOUND));
    value(Operation.HOME_DIVISION.run(to));
    assertThat(failure(call(Duration.ZERO)))
        .isEqualTo(
            new Unavailable(Operation.HOME_DIVISION.template(), "no time was left to ask", "none"));
    assertThat(to.transport.requests()).hasSize(2);
  }

  @Test
  void every_ended_call_gives_its_place_in_flight_back() throws Exception {
    to.transport.on(HOME, ScriptedTransport.failure(true)).on(HOME, reply(500, ""));
    to.transport.on(
        HOME,
        _ -> {
          throw new InterruptedException();
        });
    for (int i = 0; i < 3; i++) {
      try {
        var _ = Operation.HOME_DIVISION.run(to);
      } catch (InterruptedException _) {
        assertThat(i).isEqualTo(2);
      }
    }

    to.time.advance(Duration.ofMinutes(1));

    assertThat(to.genesys.budget().used()).isZero();
  }
}
