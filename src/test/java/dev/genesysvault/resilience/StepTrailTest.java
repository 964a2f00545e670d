package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.genesysvault.resilience.StepTrail.Suspect;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StepTrailTest {
  private final FakeTime time = new FakeTime();
  private final ByteBuffer memory = ByteBuffer.allocate(StepTrail.BYTES);
  private StepTrail trail = started();

  private StepTrail started() {
    return new StepTrail(memory, time, new SoloLocks(time));
  }

  /** Ends the process in the midst of a step, and starts the next one. */
  private void dieIn(String mount, String step) {
    assertThatThrownBy(() ->
            trail.during(
                mount,
                step,
                () -> {
                  throw new OutOfMemoryError("for the test");
                }))
        .isInstanceOf(OutOfMemoryError.class);
    trail = started();
  }

  private Duration left(String step) {
    return trail.left("m", step, StepTrail.LONGEST_WAIT);
  }

  private void done(String step) throws InterruptedException {
    assertThat(trail.<String>call("m", step, () -> "done")).isEqualTo("done");
  }

  @Test
  void a_step_that_was_done_is_not_suspected() throws Exception {
    done("step");
    trail = started();
    assertThat(trail.suspects()).isEmpty();
    assertThat(left("step")).isZero();
  }

  @Test
  void a_step_that_failed_is_not_suspected() {
    assertThatThrownBy(() ->
            trail.during(
                "m",
                "step",
                () -> {
                  throw new StackOverflowError("of one step");
                }))
        .isInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() ->
            trail.during(
                "m",
                "step",
                () -> {
                  throw new InterruptedException();
                }))
        .isInstanceOf(InterruptedException.class);
    trail = started();
    assertThat(trail.suspects()).isEmpty();
  }

  @Test
  void a_step_in_whose_midst_the_process_died_is_left_alone_longer_each_time() {
    var waits = new ArrayList<Duration>();
    for (int i = 0; i < 7; i++) {
      dieIn("m", "step");
      waits.add(left("step"));
    }
    assertThat(waits)
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 5L, 25L, 125L, 600L, 600L, 600L);
    assertThat(trail.suspects())
        .containsExactly(new Suspect("m", "step", 7, Duration.ofMinutes(10)));
  }

  @Test
  void its_wait_begins_when_it_is_asked_for_and_no_wall_clock_changes_it() {
    dieIn("m", "step");
    time.advance(Duration.ofHours(1));
    assertThat(left("step")).isEqualTo(Duration.ofSeconds(1));
    time.setAhead(Duration.ofDays(-1));
    time.advance(Duration.ofMillis(400));
    assertThat(left("step")).isEqualTo(Duration.ofMillis(600));
    time.advance(Duration.ofMillis(600));
    assertThat(left("step")).isZero();
  }

  @Test
  void who_is_in_a_hurry_waits_no_longer_than_it_says() {
    for (int i = 0; i < 5; i++) {
      dieIn("m", "step");
    }
    assertThat(trail.left("m", "step", Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void a_step_that_comes_to_its_end_at_last_is_suspected_no_more() throws Exception {
    dieIn("m", "step");
    done("step");
    dieIn("m", "other");
    assertThat(trail.suspects()).extracting(Suspect::step).containsExactly("other");
  }

  @Test
  void a_suspect_is_still_one_where_the_process_dies_of_something_else() {
    dieIn("m", "step");
    dieIn("m", "step");
    dieIn("m", "other");
    assertThat(trail.suspects())
        .extracting(Suspect::step, Suspect::deaths)
        .containsExactly(tuple("other", 1), tuple("step", 2));
  }

  @Test
  void a_suspect_that_nobody_asks_for_any_more_is_forgotten() {
    dieIn("m", "gone");
    for (int i = 0; i < 20; i++) {
      dieIn("m", "step");
    }
    assertThat(trail.suspects()).extracting(Suspect::step).containsExactly("step");
  }

  @Test
  void mounts_are_told_apart() {
    dieIn("m", "step");
    assertThat(trail.left("n", "step", StepTrail.LONGEST_WAIT)).isZero();
    assertThat(trail.suspects("n")).isEmpty();
    assertThat(trail.suspects("m")).hasSize(1);
  }

  @Test
  void the_same_step_at_the_same_time_twice_is_under_way_until_both_are_done() throws Exception {
    dieIn("m", "step");
    dieIn("m", "step");
    var first = trail.hold("m", "step");
    done("step");
    trail = started();
    assertThat(trail.suspects())
        .extracting(Suspect::step, Suspect::deaths)
        .containsExactly(tuple("step", 3));
    assertThat(first.isOver()).isFalse();
  }

  @Test
  void a_step_that_goes_on_elsewhere_is_under_way_until_its_end_is_told() throws Exception {
    var holds = new ArrayList<StepTrail.Hold>();
    dieIn("m", "step");
    trail.during("m", "step", () -> holds.add(trail.hold("m", "step")));
    assertThat(holds.getFirst().isOver()).isFalse();
    assertThat(started().suspects())
        .as("the death before counts on")
        .extracting(Suspect::step, Suspect::deaths)
        .containsExactly(tuple("step", 2));

    trail = started();
    trail.during("m", "step", () -> holds.add(trail.hold("m", "step")));
    holds.getLast().close();
    holds.getLast().close();
    assertThat(holds.getLast().isOver()).isTrue();
    trail = started();
    assertThat(trail.suspects()).isEmpty();
  }

  @Test
  void an_end_that_is_told_twice_is_not_another_ones() {
    var first = trail.hold("m", "step");
    var second = trail.hold("m", "step");
    first.close();
    first.close();
    assertThat(started().suspects()).hasSize(1);
    second.close();
  }

  @Test
  void who_is_in_a_hurry_cuts_the_wait_of_who_was_not() {
    for (int i = 0; i < 5; i++) {
      dieIn("m", "step");
    }
    assertThat(left("step")).isEqualTo(StepTrail.LONGEST_WAIT);
    assertThat(trail.left("m", "step", Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));
    time.advance(Duration.ofSeconds(4));
    assertThat(trail.left("m", "step", Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void places_are_used_again() throws Exception {
    for (int i = 0; i < StepTrail.SLOTS + 10; i++) {
      done("step " + i);
    }
    trail = started();
    assertThat(trail.suspects()).isEmpty();
  }

  @Test
  void more_steps_than_there_is_room_for_are_done_without_a_note() {
    assertThatThrownBy(() -> nested(StepTrail.SLOTS + 50)).isInstanceOf(OutOfMemoryError.class);
    trail = started();
    assertThat(trail.suspects()).hasSize(StepTrail.SLOTS);
    assertThatThrownBy(() -> nested(10)).isInstanceOf(OutOfMemoryError.class);
  }

  private int nested(int depth) throws InterruptedException {
    return trail.call(
        "m",
        "step " + depth,
        () -> {
          if (depth == 1) {
            throw new OutOfMemoryError("for the test");
          }
          return nested(depth - 1);
        });
  }

  @Test
  void a_long_name_is_cut_and_found_again() {
    var step = "rotate static role \u00fc\u20ac\uD83D\uDE00".repeat(100);
    dieIn("m", step);
    assertThat(left(step)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void what_is_no_trail_is_dropped() {
    var random = new Random(7);
    for (int i = 0; i < 50; i++) {
      var garbage = new byte[StepTrail.BYTES];
      random.nextBytes(garbage);
      if (i % 2 == 0) {
        garbage[0] = 0x73;
        memory.put(8, garbage, 8, garbage.length - 8);
      } else {
        memory.put(0, garbage);
      }
      trail = started();
      assertThat(trail.suspects()).hasSizeLessThanOrEqualTo(StepTrail.SLOTS);
      dieIn("m", "step");
      assertThat(trail.suspects("m")).hasSize(1);
    }
  }
}
