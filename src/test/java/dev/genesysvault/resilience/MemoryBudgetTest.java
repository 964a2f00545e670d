package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
  private final FakeTime time = new FakeTime();
  private final SoloLocks locks = new SoloLocks(time);
  private final MemoryBudget budget = new MemoryBudget(100, time, locks);

  @Test
  void gives_out_what_there_is_and_takes_it_back() throws Exception {
    var one = budget.open();
    try (var two = budget.open()) {
      assertThat(one.hold(60)).isTrue();
      assertThat(two.hold(40)).isTrue();
      assertThat(budget.free()).isZero();
    }
    assertThat(budget.free()).isEqualTo(40);
    assertThat(one.hold(10)).isTrue();
    assertThat(budget.free()).isEqualTo(90);
    one.close();
    one.close();
    assertThat(budget.free()).isEqualTo(100);
  }

  @Test
  void waits_some_seconds_for_what_others_hold() throws Exception {
    var one = budget.open();
    var two = budget.open();
    assertThat(one.hold(60)).isTrue();
    locks.meanwhile(one::close);

    assertThat(two.hold(80)).isTrue();

    assertThat(two.hold(20)).isTrue();
    assertThat(one.hold(60)).isTrue();
    var begun = time.now();
    assertThat(two.hold(41)).isFalse();
    assertThat(Duration.between(begun, time.now())).isEqualTo(Duration.ofSeconds(5));
    assertThat(budget.free()).isEqualTo(20);
  }

  @Test
  void waits_for_nothing_where_it_could_never_have_it() throws Exception {
    assertThat(budget.open().hold(101)).isFalse();
    assertThat(locks.waits()).isEmpty();
  }

  @Test
  void has_something_to_give() {
    assertThatThrownBy(() -> new MemoryBudget(0, time, locks))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes is 0");
  }
}
