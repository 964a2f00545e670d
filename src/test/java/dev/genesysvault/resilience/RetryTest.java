package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetryTest {
  private static final UpstreamFailure AWAY = new Unavailable("GET /x", "away", "none");

  private final FakeTime time = new FakeTime();

  private Outcome<Integer> call(Duration within, int most, List<Outcome<Integer>> answers)
      throws InterruptedException {
    var left = new ArrayDeque<>(answers);
    var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(3), new Whole());
    return new Retry(time, backoff, most).call(Deadline.in(within, time), left::remove);
  }

  @Test
  void asks_an_unavailable_genesys_again_with_growing_waits() throws Exception {
    var outcome =
        call(
            Duration.ofMinutes(1),
            9,
            List.of(
                Outcome.failed(AWAY),
                Outcome.failed(AWAY),
                Outcome.failed(AWAY),
                Outcome.failed(AWAY),
                Outcome.ok(1)));

    assertThat(outcome).isEqualTo(Outcome.ok(1));
    assertThat(time.sleeps())
        .extracting(Duration::toMillis)
        .containsExactly(999L, 1998L, 2997L, 2997L);
  }

  @Test
  void gives_up_after_its_attempts() throws Exception {
    var outcome =
        call(Duration.ofMinutes(1), 2, List.of(Outcome.failed(AWAY), Outcome.failed(AWAY)));

    assertThat(outcome).isEqualTo(Outcome.failed(AWAY));
  }

  @Test
  void gives_up_where_the_wait_would_take_all_the_time() throws Exception {
    var outcome = call(Duration.ofMillis(999), 9, List.of(Outcome.failed(AWAY)));

    assertThat(outcome).isEqualTo(Outcome.failed(AWAY));
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void repeats_nothing_that_is_refused_unknown_or_limited() throws Exception {
    for (var failure :
        List.of(
            new Refused("GET /x", 400, "c", "m", "none"),
            new Unknown("GET /x", "lost", "none"),
            new Limited("GET /x", Duration.ofSeconds(1), "none"))) {
      assertThat(call(Duration.ofMinutes(1), 9, List.of(Outcome.failed(failure))))
          .isEqualTo(Outcome.failed(failure));
    }
  }

  /** Takes all but a thousandth of every ceiling. */
  private static final class Whole implements Randomness {
    @Override
    public double share() {
      return 0.999;
    }

    @Override
    public byte[] bytes(int count) {
      return new byte[count];
    }
  }
}
