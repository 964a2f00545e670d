package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.resilience.RateBudget.Observation;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateBudgetTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeTime time = new FakeTime();
  private final SoloLocks locks = new SoloLocks(time);
  private final RateBudget budget = new RateBudget(time, locks, 1);

  private Optional<Duration> acquire(Lane lane, Duration within) throws InterruptedException {
    return budget.acquire(new CallContext(lane, Deadline.in(within, time)));
  }

  private Optional<Duration> acquire() throws InterruptedException {
    return acquire(Lane.ISSUE, SECOND);
  }

  private static Optional<Observation> seen(int count, int allowed, Duration reset) {
    return Optional.of(new Observation(count, allowed, reset));
  }

  private void take(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      // Nothing is kept back from it.
      assertThat(acquire(Lane.EMERGENCY, SECOND)).isEmpty();
    }
  }

  private void learn(int count, int allowed, Duration reset) throws InterruptedException {
    take(1);
    budget.finished(seen(count, allowed, reset));
  }

  @Test
  void takes_the_published_limit_for_granted_and_no_more() throws Exception {
    take(300);

    assertThat(acquire()).contains(MINUTE);
    var reading = budget.reading();
    assertThat(reading.allowed()).isEqualTo(300);
    assertThat(reading.used()).isEqualTo(300);
    assertThat(reading.reset()).isEqualTo(MINUTE);
    assertThat(reading.paused()).isEqualTo(Duration.ZERO);
  }

  @Test
  void a_refusal_takes_nothing() throws Exception {
    take(300);
    assertThat(acquire()).isPresent();

    assertThat(budget.reading().used()).isEqualTo(300);
  }

  @Test
  void a_new_window_counts_what_is_still_in_flight() throws Exception {
    take(300);
    for (int i = 0; i < 290; i++) {
      budget.finished(Optional.empty());
    }

    time.advance(MINUTE);

    assertThat(budget.reading().used()).isEqualTo(10);
    take(290);
    assertThat(acquire()).isPresent();
  }

  @Test
  void waits_for_the_next_window_where_the_deadline_allows_it() throws Exception {
    take(300);
    time.advance(Duration.ofSeconds(50));
    for (int i = 0; i < 300; i++) {
      budget.finished(Optional.empty());
    }

    assertThat(acquire(Lane.LOOK, Duration.ofSeconds(11))).isEmpty();

    assertThat(locks.waits()).containsExactly(Duration.ofSeconds(10));
  }

  @Test
  void leaves_a_share_to_others_but_always_takes_one() throws Exception {
    var modest = new RateBudget(time, locks, 0.001);

    assertThat(modest.acquire(new CallContext(Lane.ISSUE, Deadline.in(SECOND, time)))).isEmpty();
    assertThat(modest.acquire(new CallContext(Lane.ISSUE, Deadline.in(SECOND, time)))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
  void refuses_a_share_that_makes_no_sense(double share) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateBudget(time, locks, share))
        .withMessageContaining("more than 0 and at most 1");
  }

  @Test
  void learns_what_others_have_used() throws Exception {
    learn(295, 300, Duration.ofSeconds(20));

    take(5);

    assertThat(acquire()).contains(Duration.ofSeconds(20));
  }

  @Test
  void a_late_reply_of_the_same_window_gives_nothing_back() throws Exception {
    learn(10, 300, Duration.ofSeconds(30));
    take(5);
    time.advance(SECOND);

    budget.finished(seen(8, 300, Duration.ofSeconds(29)));

    assertThat(budget.reading().used()).isEqualTo(15);
  }

  @Test
  void a_reply_of_another_window_counts_anew_with_what_is_in_flight() throws Exception {
    learn(290, 300, Duration.ofSeconds(10));
    take(4);
    time.advance(Duration.ofSeconds(5));

    budget.finished(seen(1, 300, MINUTE));

    assertThat(budget.reading().used()).isEqualTo(1 + 3);
    assertThat(budget.reading().reset()).isEqualTo(MINUTE);
  }

  @Test
  void learns_another_limit() throws Exception {
    learn(1, 3, MINUTE);

    take(2);

    assertThat(acquire()).isPresent();
  }

  @Test
  void nothing_leaves_during_a_pause() throws Exception {
    take(2);
    budget.limited(Duration.ofSeconds(42));

    assertThat(acquire()).contains(Duration.ofSeconds(42));
    assertThat(budget.reading().paused()).isEqualTo(Duration.ofSeconds(42));

    time.advance(Duration.ofSeconds(41));
    budget.finished(seen(1, 300, MINUTE));
    assertThat(acquire(Lane.ISSUE, Duration.ofMillis(500))).contains(SECOND);

    time.advance(SECOND);
    assertThat(acquire()).isEmpty();
  }

  @Test
  void a_shorter_pause_does_not_end_a_longer_one() throws Exception {
    take(2);
    budget.limited(Duration.ofHours(3));
    budget.limited(SECOND);

    assertThat(budget.reading().paused()).isEqualTo(Duration.ofHours(3));
  }

  @Test
  void a_hint_is_never_shorter_than_a_second() throws Exception {
    take(1);
    budget.limited(Duration.ofMillis(20));

    assertThat(acquire(Lane.ISSUE, Duration.ofMillis(5))).contains(SECOND);
  }

  @Test
  void who_comes_to_a_new_window_finds_those_served_who_waited_for_it() throws Exception {
    learn(3, 3, MINUTE);
    var order = new ArrayList<String>();
    locks.meanwhile(() -> {
      time.advance(MINUTE);
      order.add("delete " + (acquire(Lane.DELETE, SECOND).isEmpty() ? "goes" : "stays away"));
      order.add("another " + (acquire(Lane.DELETE, SECOND).isEmpty() ? "goes" : "stays away"));
    });

    order.add("issue " + (acquire(Lane.ISSUE, Duration.ofMinutes(3)).isEmpty() ? "goes" : "?"));

    // One of the three was the reserve of ends.
    assertThat(order).containsExactly("delete goes", "another stays away", "issue goes");
  }

  @Test
  void an_emergency_goes_before_all_who_wait() throws Exception {
    learn(3, 3, MINUTE);
    var order = new ArrayList<String>();
    locks.meanwhile(() -> {
      order.add(
          "emergency " + (acquire(Lane.EMERGENCY, Duration.ofMinutes(3)).isEmpty() ? "goes" : "?"));
    });

    order.add("end " + (acquire(Lane.DEACTIVATE, Duration.ofMinutes(3)).isEmpty() ? "goes" : "?"));

    assertThat(order).containsExactly("emergency goes", "end goes");
    assertThat(budget.reading().used()).isEqualTo(2);
  }

  @Test
  void an_interrupted_wait_leaves_nobody_waiting() throws Exception {
    take(300);
    locks.meanwhile(() -> {
      throw new InterruptedException();
    });
    assertThatThrownBy(() -> acquire(Lane.ISSUE, Duration.ofMinutes(3)))
        .isInstanceOf(InterruptedException.class);
    for (int i = 0; i < 300; i++) {
      budget.finished(Optional.empty());
    }

    time.advance(MINUTE);

    assertThat(acquire(Lane.LOOK, SECOND)).isEmpty();
    assertThat(locks.waits()).hasSize(1);
  }
}
