package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.resilience.RateBudget.Observation;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RateBudgetTest {
  private final FakeTime time = new FakeTime();
  private final RateBudget budget = new RateBudget(time, new SystemLocks(), 1.0);

  @Test
  void grants_what_genesys_publishes_until_it_says_otherwise() throws Exception {
    for (int i = 0; i < RateBudget.PUBLISHED_LIMIT; i++) {
      assertThat(take()).isEmpty();
    }

    assertThat(take()).contains(Duration.ofMinutes(1));
  }

  @Test
  void grants_again_in_the_next_window() throws Exception {
    for (int i = 0; i < RateBudget.PUBLISHED_LIMIT; i++) {
      take();
      budget.finished(Optional.empty());
    }
    time.advance(Duration.ofMinutes(1));

    assertThat(take()).isEmpty();
  }

  @Test
  void learns_limit_use_and_window_from_replies() throws Exception {
    take();
    budget.finished(Optional.of(new Observation(48, 50, Duration.ofSeconds(20))));

    assertThat(take()).isEmpty();
    assertThat(take()).isEmpty();
    assertThat(take()).contains(Duration.ofSeconds(20));
    assertThat(budget.reading().allowed()).isEqualTo(50);
  }

  @Test
  void leaves_its_share_of_the_limit_to_others() throws Exception {
    var modest = new RateBudget(time, new SystemLocks(), 0.5);
    for (int i = 0; i < RateBudget.PUBLISHED_LIMIT / 2; i++) {
      assertThat(modest.acquire(impatient())).isEmpty();
    }

    assertThat(modest.acquire(impatient())).isPresent();
  }

  @Test
  void lets_nothing_leave_before_a_429_is_over() throws Exception {
    take();
    budget.limited(Duration.ofHours(2));

    assertThat(take()).contains(Duration.ofHours(2));
    time.advance(Duration.ofHours(2).minusSeconds(1));
    assertThat(take()).contains(Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(1));
    assertThat(take()).isEmpty();
  }

  @Test
  void keeps_the_longer_of_two_pauses() throws Exception {
    take();
    take();
    budget.limited(Duration.ofMinutes(10));
    budget.limited(Duration.ofSeconds(5));

    assertThat(take()).contains(Duration.ofMinutes(10));
  }

  private Optional<Duration> take() throws InterruptedException {
    return budget.acquire(impatient());
  }

  private CallContext impatient() {
    return new CallContext(Lane.ISSUE, Deadline.in(Duration.ofMillis(1), time));
  }
}
