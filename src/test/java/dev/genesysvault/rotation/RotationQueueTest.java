package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.upkeep.ClientUpkeep.ActorState;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose turn it is, on a clock that moves whenever somebody waits. */
final class RotationQueueTest {
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final FakeTime steady = new FakeTime();
  private final JumpingTime time = new JumpingTime();
  private final SoloLocks locks = new SoloLocks(steady);
  private final RotationQueue queue = new RotationQueue(time, locks, new SeededRandomness());

  /** A wall clock that somebody sets, beside a monotonic one. */
  private final class JumpingTime implements Time {
    private Duration ahead = Duration.ZERO;

    @Override
    public Instant now() {
      return steady.now().plus(ahead);
    }

    @Override
    public long nanos() {
      return steady.nanos();
    }

    @Override
    public void sleep(Duration wait) {
      steady.sleep(wait);
    }
  }

  @BeforeEach
  void open() {
    queue.open();
  }

  private void due(String name, Duration in) {
    queue.loaded(name, RoleSummary.UNKNOWN, FakeTime.START.plus(in));
  }

  private RotationItem take() throws InterruptedException {
    var work = queue.take(false).orElseThrow();
    return work.watch ? fail("nothing is to be watched") : work.item;
  }

  /** Takes whose turn it is, and gives it back as one that waits for somebody to write to it. */
  private String served() throws InterruptedException {
    var item = take();
    queue.stepped(item, new StepResult.Idle());
    return item.name;
  }

  private boolean nobodyIsDue() {
    locks.interruptAt(steady.now());
    assertThatThrownBy(() -> queue.take(false)).isInstanceOf(InterruptedException.class);
    return true;
  }

  @Test
  void gives_out_what_is_due_by_a_clock_that_moves_between_two_looks() throws Exception {
    due("crm", Duration.ZERO);
    steady.letLooksTake(Duration.ofNanos(1));
    locks.interruptAt(steady.now().plus(Duration.ofNanos(1_000)));

    assertThat(take().name).isEqualTo("crm");
  }

  @Test
  void who_has_waited_longest_goes_first() throws Exception {
    due("tomorrow", Duration.ofDays(1));
    due("since yesterday", Duration.ofDays(-1));
    due("since an hour", Duration.ofHours(-1));
    queue.changed("now");

    assertThat(List.of(served(), served(), served(), served()))
        .containsExactly("since yesterday", "since an hour", "now", "tomorrow");
    assertThat(steady.now()).isEqualTo(FakeTime.START.plus(Duration.ofDays(1)));
  }

  private void becomesAnEmergency(String name) {
    queue.changed(name);
    queue.wrote(
        name,
        new RoleSummary(
            Phase.IDLE,
            "emergency",
            "",
            "",
            null,
            null,
            null,
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(),
            Instant.MAX,
            List.of()));
  }

  @Test
  void an_emergency_goes_before_all_who_have_waited_longer() throws Exception {
    due("since yesterday", Duration.ofDays(-1));
    due("leaked", Duration.ofDays(20));
    becomesAnEmergency("leaked");

    assertThat(queue.ahead("since yesterday")).isEqualTo(1);
    assertThat(queue.ahead("leaked")).isZero();
    assertThat(List.of(served(), served())).containsExactly("leaked", "since yesterday");
  }

  @Test
  void no_pause_holds_up_an_emergency_which_waits_seconds_after_a_failure() throws Exception {
    queue.pause(Duration.ofHours(1), "told to");
    due("leaked", Duration.ZERO);
    becomesAnEmergency("leaked");
    for (int i = 0; i < 8; i++) {
      var item = take();
      queue.stepped(item, new StepResult.Failed("told to", Duration.ZERO));
    }

    assertThat(Duration.between(FakeTime.START, steady.now()))
        .isLessThanOrEqualTo(Duration.ofSeconds(8 * 10));
    assertThat(queue.of("leaked").orElseThrow().due())
        .isBeforeOrEqualTo(steady.now().plusSeconds(10));
  }

  @Test
  void a_mass_of_new_roles_delays_the_end_of_a_grace_by_one_step_of_each_at_most()
      throws Exception {
    due("in grace", Duration.ofSeconds(10));
    for (int i = 0; i < 500; i++) {
      queue.changed("new-" + i);
    }

    var seen = new ArrayList<String>();
    for (var item = take(); !item.name.equals("in grace"); item = take()) {
      seen.add(item.name);
      steady.advance(STEP);
      queue.stepped(item, new StepResult.At(time.now().plus(Delays.STANDARD.propagation())));
    }

    assertThat(seen).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void a_mass_that_is_due_later_does_not_delay_the_end_of_a_grace() throws Exception {
    due("in grace", Duration.ZERO);
    steady.advance(STEP);
    for (int i = 0; i < 500; i++) {
      queue.changed("new-" + i);
    }

    assertThat(take().name).isEqualTo("in grace");
  }

  @Test
  void a_role_that_somebody_works_on_is_given_to_nobody_else() throws Exception {
    queue.changed("one");
    var _ = take();
    queue.changed("one");

    assertThat(nobodyIsDue()).isTrue();
  }

  @Test
  void a_role_that_was_written_to_meanwhile_is_looked_at_again_whatever_came_of_the_step()
      throws Exception {
    var outcomes =
        List.of(
            new StepResult.At(FakeTime.START.plus(Duration.ofDays(1))),
            new StepResult.Idle(),
            new StepResult.Failed("told to", Duration.ofHours(1)));
    for (var outcome : outcomes) {
      queue.changed("one");
      var item = take();
      queue.changed("one");
      queue.stepped(item, outcome);

      assertThat(take()).as("after %s", outcome).isSameAs(item);
      queue.stepped(item, new StepResult.Idle());
      assertThat(steady.now()).isEqualTo(FakeTime.START);
    }
    assertThat(nobodyIsDue()).isTrue();
  }

  @Test
  void a_role_that_is_gone_is_forgotten() throws Exception {
    queue.changed("one");
    queue.stepped(take(), new StepResult.Gone());

    assertThat(queue.all()).isEmpty();
    assertThat(nobodyIsDue()).isTrue();
  }

  @Test
  void what_was_read_does_not_replace_what_was_written_since() throws Exception {
    queue.changed("one");
    due("one", Duration.ofDays(30));

    assertThat(served()).isEqualTo("one");
    assertThat(steady.now()).isEqualTo(FakeTime.START);
  }

  @Test
  void a_paused_queue_hands_out_nothing_and_goes_on_when_the_pause_is_over() throws Exception {
    due("one", Duration.ZERO);
    due("two", Duration.ZERO);
    queue.pause(Duration.ofSeconds(90), "told to");
    assertThat(queue.status().paused()).contains(FakeTime.START.plusSeconds(90));

    assertThat(served()).isEqualTo("one");
    assertThat(served()).isEqualTo("two");
    assertThat(steady.now()).isEqualTo(FakeTime.START.plusSeconds(90));
    assertThat(queue.status().paused()).isEmpty();
  }

  @Test
  void a_role_that_somebody_writes_to_is_tried_in_spite_of_a_pause() throws Exception {
    queue.pause(Duration.ofHours(1), "told to");
    queue.changed("one");

    assertThat(served()).isEqualTo("one");
    assertThat(steady.now()).isEqualTo(FakeTime.START);
  }

  @Test
  void pauses_grow_until_a_step_succeeds() throws Exception {
    queue.changed("one");
    var ends = new ArrayList<Duration>();
    for (int i = 0; i < 3; i++) {
      var item = take();
      ends.add(Duration.between(FakeTime.START, steady.now()));
      queue.pause("told to");
      queue.stepped(item, new StepResult.Paused("told to"));
    }

    assertThat(ends)
        .containsExactly(Duration.ZERO, Duration.ofMillis(500), Duration.ofMillis(1_500));
    queue.stepped(take(), StepResult.soon());
    assertThat(queue.status().paused()).isEmpty();
    assertThat(queue.status().failing()).isZero();
  }

  @Test
  void a_wall_clock_that_jumps_ahead_is_noticed_within_minutes() throws Exception {
    due("in a month", Duration.ofDays(30));
    locks.meanwhile(() -> time.ahead = Duration.ofDays(31));

    assertThat(served()).isEqualTo("in a month");
    assertThat(steady.now()).isBeforeOrEqualTo(FakeTime.START.plus(LONGEST_SLEEP));
    assertThat(locks.waits()).allMatch(wait -> wait.compareTo(LONGEST_SLEEP) <= 0);
  }

  @Test
  void a_wall_clock_that_is_put_back_leaves_a_role_due_when_it_was() throws Exception {
    time.ahead = Duration.ofDays(-1);
    due("today", Duration.ofHours(1));
    locks.meanwhile(() -> time.ahead = Duration.ZERO);

    assertThat(served()).isEqualTo("today");
    assertThat(steady.now()).isEqualTo(FakeTime.START.plus(Duration.ofHours(1)));
  }

  @Test
  void a_wall_clock_that_is_put_back_prolongs_no_wait() throws Exception {
    queue.changed("one");
    var item = take();
    queue.stepped(item, new StepResult.At(time.now().plus(Duration.ofSeconds(10))));
    time.ahead = Duration.ofDays(-1);

    assertThat(take()).isSameAs(item);
    assertThat(steady.now()).isBefore(FakeTime.START.plus(Duration.ofHours(1)));
  }

  @Test
  void a_wall_clock_that_is_put_back_prolongs_no_wait_after_a_failure() throws Exception {
    queue.changed("one");
    var item = take();
    queue.stepped(item, new StepResult.Failed("told to", Duration.ZERO));
    time.ahead = Duration.ofDays(-1);

    assertThat(take()).isSameAs(item);
    assertThat(steady.now()).isBefore(FakeTime.START.plus(Duration.ofHours(1)));
  }

  @Test
  void a_wall_clock_that_is_put_back_prolongs_no_pause() throws Exception {
    due("one", Duration.ofDays(-2));
    queue.pause(Duration.ofSeconds(30), "told to");
    time.ahead = Duration.ofDays(-1);

    assertThat(served()).isEqualTo("one");
    assertThat(steady.now()).isBefore(FakeTime.START.plus(Duration.ofHours(1)));
  }

  @Test
  void a_failed_step_is_repeated_after_a_wait_that_grows() throws Exception {
    queue.changed("one");
    var starts = new ArrayList<Duration>();
    for (int i = 0; i < 4; i++) {
      var item = take();
      starts.add(Duration.between(FakeTime.START, steady.now()));
      queue.stepped(item, new StepResult.Failed("told to", Duration.ZERO));
    }

    assertThat(starts)
        .containsExactly(
            Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(6), Duration.ofSeconds(14));
    assertThat(queue.of("one").orElseThrow().lastError()).isEqualTo("told to");
  }

  @Test
  void no_more_than_four_roles_and_the_emergencies_are_worked_on_at_a_time() throws Exception {
    var it = new RotationHarness();
    var workers = new ArrayList<String>();
    // One that was started runs once it is interrupted, when there is nothing left to do.
    var parallel =
        new Parallel(
            (name, body) -> {
              workers.add(name);
              return body::run;
            },
            it.locks);
    it.locks.interruptAt(it.time.now());

    assertThatThrownBy(() ->
            new Rotations(
                    it.time,
                    it.randomness,
                    parallel,
                    StepTrail.inMemory(it.time, it.locks),
                    Delays.STANDARD)
                .run(
                    it.credentials,
                    () -> new ActorState.NotReady("told to"),
                    it.bus,
                    () -> "genesys/"))
        .isInstanceOf(InterruptedException.class);
    assertThat(workers).hasSize(4 + 1);
  }
}
