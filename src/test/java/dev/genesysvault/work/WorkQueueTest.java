package dev.genesysvault.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is due is taken, the most urgent first, and nothing is looked at that is not. */
final class WorkQueueTest {
  private enum Urgency {
    FIRST,
    SECOND,
    THIRD
  }

  private static final Set<Urgency> ALL = EnumSet.allOf(Urgency.class);

  private static final class Job extends WorkItem<Urgency> {
    private final String name;

    Job(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }
  }

  private final FakeTime time = new FakeTime();
  private final SoloLocks locks = new SoloLocks(time);
  private final Map<Urgency, Instant> held = new EnumMap<>(Urgency.class);
  private final List<Instant> putBack = new ArrayList<>();
  private final WorkQueue<Urgency, Job> queue =
      new WorkQueue<>(
          Urgency.class,
          Comparator.comparing(Job::name),
          priority -> held.getOrDefault(priority, Instant.MIN),
          putBack::add,
          time,
          locks);

  @BeforeEach
  void open() {
    queue.turn(true, () -> {});
  }

  private Job place(String name, Urgency urgency, Duration in) {
    var job = new Job(name);
    queue.change(() -> queue.place(job, urgency, time.now().plus(in)));
    return job;
  }

  private String take(Set<Urgency> from) throws InterruptedException {
    return queue.take(from, Job::name).orElseThrow();
  }

  @Test
  void an_earlier_priority_goes_first_and_its_own_order_inside_it() throws Exception {
    place("c", Urgency.THIRD, Duration.ZERO);
    place("b", Urgency.SECOND, Duration.ZERO);
    place("a", Urgency.SECOND, Duration.ZERO);
    place("d", Urgency.FIRST, Duration.ofSeconds(1));

    assertThat(List.of(take(ALL), take(ALL), take(ALL), take(ALL)))
        .containsExactly("a", "b", "c", "d");
    assertThat(time.now()).isEqualTo(FakeTime.START.plusSeconds(1));
  }

  @Test
  void whoever_wants_some_priorities_alone_waits_for_those() throws Exception {
    place("soon", Urgency.THIRD, Duration.ZERO);
    place("later", Urgency.FIRST, Duration.ofMinutes(3));

    assertThat(take(EnumSet.of(Urgency.FIRST))).isEqualTo("later");
    assertThat(take(ALL)).isEqualTo("soon");
  }

  @Test
  void what_is_held_up_lets_others_pass_and_goes_on_when_that_is_over() throws Exception {
    held.put(Urgency.FIRST, time.now().plusSeconds(5));
    place("held", Urgency.FIRST, Duration.ZERO);
    place("free", Urgency.THIRD, Duration.ZERO);

    assertThat(take(ALL)).isEqualTo("free");
    assertThat(take(ALL)).isEqualTo("held");
    assertThat(time.now()).isEqualTo(FakeTime.START.plusSeconds(5));
  }

  @Test
  void what_is_placed_anew_waits_once() throws Exception {
    var job = place("a", Urgency.FIRST, Duration.ZERO);
    queue.change(() -> queue.place(job, Urgency.THIRD, time.now().plusSeconds(7)));
    place("b", Urgency.FIRST, Duration.ofSeconds(9));

    assertThat(List.of(take(ALL), take(ALL))).containsExactly("a", "b");
    assertThat(job.waits()).isFalse();
  }

  @Test
  void all_that_is_due_of_a_priority_can_be_taken_together() {
    place("b", Urgency.SECOND, Duration.ZERO);
    place("a", Urgency.SECOND, Duration.ZERO);
    place("later", Urgency.SECOND, Duration.ofSeconds(1));

    assertThat(queue.get(() -> queue.takeReady(Urgency.SECOND)))
        .extracting(Job::name)
        .containsExactly("a", "b");
    assertThat(queue.get(() -> queue.anyReady(Urgency.SECOND))).isFalse();
  }

  @Test
  void says_how_much_goes_before_something() {
    place("a", Urgency.FIRST, Duration.ofHours(1));
    place("b", Urgency.SECOND, Duration.ZERO);
    var job = place("c", Urgency.SECOND, Duration.ofSeconds(1));
    place("d", Urgency.SECOND, Duration.ofSeconds(2));
    place("e", Urgency.THIRD, Duration.ZERO);

    assertThat(queue.get(() -> queue.before(job, ALL))).isEqualTo(2);
    assertThat(queue.get(() -> queue.before(new Job("taken"), ALL))).isZero();
  }

  @Test
  void a_clock_that_is_put_back_is_told_to_its_owner_once() throws Exception {
    place("a", Urgency.FIRST, Duration.ZERO);
    place("b", Urgency.FIRST, Duration.ZERO);
    place("c", Urgency.FIRST, Duration.ZERO);
    take(ALL);
    time.setAhead(Duration.ofDays(-1));

    take(ALL);
    take(ALL);

    assertThat(putBack).containsExactly(FakeTime.START.minus(Duration.ofDays(1)));
  }

  @Test
  void a_clock_that_jumped_forward_is_noticed_within_ten_minutes() throws Exception {
    place("a", Urgency.FIRST, Duration.ofDays(2));
    locks.meanwhile(() -> time.setAhead(Duration.ofDays(3)));

    assertThat(take(ALL)).isEqualTo("a");
    assertThat(locks.waits()).containsExactly(Duration.ofMinutes(10));
  }

  @Test
  void nothing_is_taken_once_it_is_closed_and_nothing_is_left_in_it() throws Exception {
    var job = place("a", Urgency.FIRST, Duration.ofSeconds(5));
    locks.meanwhile(() -> queue.turn(false, () -> {}));

    assertThat(queue.take(ALL, Job::name)).isEmpty();
    assertThat(job.waits()).isFalse();
  }

  @Test
  void whoever_waits_for_it_to_open_learns_when_it_does() throws Exception {
    queue.turn(false, () -> {});
    locks.meanwhile(() -> queue.turn(true, () -> {}));

    queue.awaitOpen();

    assertThat(queue.get(queue::isOpen)).isTrue();
  }

  @Test
  void a_question_is_waited_for_no_longer_than_its_deadline() throws Exception {
    queue.await(() -> false, Deadline.in(Duration.ofSeconds(4), time));

    assertThat(time.now()).isEqualTo(FakeTime.START.plusSeconds(4));
  }

  @Test
  void a_wait_ends_with_an_interruption() {
    locks.interruptAt(FakeTime.START);

    assertThatThrownBy(() -> queue.take(ALL, Job::name)).isInstanceOf(InterruptedException.class);
  }
}
