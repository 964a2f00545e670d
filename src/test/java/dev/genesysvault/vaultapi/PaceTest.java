package dev.genesysvault.vaultapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How fast Vault is asked, and when it is left alone. */
final class PaceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeTime time = new FakeTime();

  @Test
  void clients_follow_one_another_as_told_and_time_that_passed_is_not_caught_up() throws Exception {
    var pace = new Pace(time, 60);

    pace.awaitTurn();
    pace.awaitTurn();
    time.advance(Duration.ofSeconds(30));
    pace.awaitTurn();
    pace.awaitTurn();

    assertThat(time.sleeps()).containsExactly(SECOND, SECOND);
  }

  @Test
  void a_pause_holds_everybody_and_is_counted_once() throws Exception {
    var pace = new Pace(time, 60);

    pace.pause(Duration.ofSeconds(10));
    pace.pause(Duration.ofSeconds(4));
    pace.pause(Duration.ofSeconds(12));
    pace.awaitPause();
    pace.awaitPause();

    assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(12));
    assertThat(pace.paused()).isEqualTo(Duration.ofSeconds(12));
  }

  private static Answer answer(int status, String retryAfter, String... errors) {
    return new Answer(
        status, new ObjectMapper().valueToTree(Map.of("errors", List.of(errors))), retryAfter);
  }

  @Test
  void a_limit_is_waited_out_as_the_answer_says() {
    assertThat(answer(429, "", "Genesys' request limit is reached: try again in 17 s (GET /x)"))
        .returns(true, Answer::asksToWait)
        .returns(Optional.of(Duration.ofSeconds(17)), Answer::saidWait);
    assertThat(answer(429, "5", "quota"))
        .returns(Optional.of(Duration.ofSeconds(5)), Answer::saidWait);
    assertThat(answer(400, "", "rate limit exceeded")).returns(true, Answer::asksToWait);
    assertThat(answer(503, "", "sealed"))
        .returns(true, Answer::asksToWait)
        .returns(Optional.empty(), Answer::saidWait);
    assertThat(answer(412, "", "missing state")).returns(true, Answer::asksToWait);
    assertThat(answer(429, "999999", "quota"))
        .returns(Optional.of(Duration.ofHours(1)), Answer::saidWait);
    assertThat(answer(400, "", "client_id is missing")).returns(false, Answer::asksToWait);
  }

  @Test
  void what_is_away_is_told_from_what_genesys_refuses() {
    assertThat(answer(Answer.NONE, "")).returns(true, Answer::away);
    assertThat(answer(504, "", "lost")).returns(true, Answer::away);
    assertThat(answer(502, "", "Genesys is unavailable: no reply")).returns(true, Answer::away);
    assertThat(answer(502, "", "1 error occurred:\n\t* Genesys refused PUT /x with HTTP 403"))
        .returns(false, Answer::away)
        .returns(List.of("Genesys refused PUT /x with HTTP 403"), Answer::errors);
    assertThat(answer(403, "", "permission denied")).returns(false, Answer::away);
  }
}
