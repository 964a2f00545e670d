package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeTime time = new FakeTime();

  @Test
  void runs_down_and_stays_over() {
    var deadline = Deadline.in(SECOND, time);
    assertThat(deadline.left()).isEqualTo(SECOND);
    assertThat(deadline.over()).isFalse();

    time.advance(SECOND);
    assertThat(deadline.over()).isTrue();
    time.advance(Duration.ofDays(100));
    assertThat(deadline.over()).isTrue();
    assertThat(deadline.left()).isZero();
  }

  @Test
  void allows_only_what_ends_before_it() {
    var deadline = Deadline.in(SECOND, time);

    assertThat(deadline.allows(Duration.ofMillis(999))).isTrue();
    assertThat(deadline.allows(SECOND)).isFalse();
  }

  @Test
  void never_lies_further_ahead_than_a_year() {
    assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE), time).left())
        .isEqualTo(Duration.ofDays(365));
  }

  @Test
  void keeps_a_reserve() {
    var deadline = Deadline.in(Duration.ofSeconds(10), time);

    assertThat(deadline.minus(Duration.ofSeconds(3)).left()).isEqualTo(Duration.ofSeconds(7));
    assertThat(deadline.minus(Duration.ofSeconds(30)).over()).isTrue();
  }
}
