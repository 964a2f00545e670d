package dev.genesysvault.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mount that went is forgotten, one that is worked on never. */
final class MountStatesTest {
  private final FakeTime time = new FakeTime();
  private final MountStates states =
      new MountStates(
          new Doors(
              time,
              new VirtualThreadTasks(),
              new SystemLocks(),
              new SeededRandomness(),
              StepTrail.inMemory(time, new SystemLocks())),
          Delays.STANDARD,
          List.of());

  @Test
  void one_that_was_heard_of_lately_is_the_same() {
    var first = states.of("a");
    time.advance(Duration.ofMinutes(59));
    assertThat(states.of("a")).isSameAs(first);
    time.advance(Duration.ofMinutes(59));
    var _ = states.of("b");

    assertThat(states.of("a")).isSameAs(first);
  }

  @Test
  void one_of_which_nothing_was_heard_for_an_hour_is_forgotten_when_another_comes() {
    states.moved("a", "genesys/");
    time.advance(MountStates.KEPT);

    var _ = states.of("b");

    assertThat(states.size()).isEqualTo(1);
    assertThat(states.path("a")).isEmpty();
  }

  @Test
  void one_whose_session_is_open_is_kept_however_silent_it_is() {
    var open = states.of("a");
    open.clients.open();
    time.advance(Duration.ofDays(40));

    var _ = states.of("b");

    assertThat(states.of("a")).isSameAs(open);
    open.clients.close();
    time.advance(MountStates.KEPT);
    var _ = states.of("c");
    assertThat(states.of("a")).isNotSameAs(open);
  }

  @Test
  void mounts_that_come_and_go_leave_no_more_than_the_last_hour_of_them() {
    for (int i = 0; i < 10_000; i++) {
      var _ = states.of("mount-" + i);
      time.advance(Duration.ofMinutes(1));
    }

    assertThat(states.size()).isLessThanOrEqualTo(61);
  }

  @Test
  void more_mounts_than_there_is_room_for_are_not_kept() {
    for (int i = 0; i < MountStates.MOST + 100; i++) {
      var _ = states.of("mount-" + i);
    }

    assertThat(states.size()).isEqualTo(MountStates.MOST);
    assertThat(states.of("mount-" + (MountStates.MOST + 99))).isNotNull();
  }
}
