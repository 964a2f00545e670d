package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.resilience.LaneShares.Moment;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaneSharesTest {
  private static final Set<Lane> NOBODY = Set.of();

  private final LaneShares shares = new LaneShares();
  private int free = 300;

  private Moment moment(int usable, double left, Set<Lane> atWork) {
    return new Moment(usable, free, left, atWork::contains);
  }

  /** Lets a lane take what it may; returns how many that were. */
  private int takeAll(Lane lane, int usable, double left, Set<Lane> atWork) {
    int count = 0;
    while (shares.mayTake(lane, 0, moment(usable, left, atWork))) {
      shares.take(lane);
      free--;
      count++;
    }
    return count;
  }

  @Test
  void readers_take_everything_but_the_reserve_where_nothing_else_waits() {
    assertThat(takeAll(Lane.ISSUE, 300, 1, NOBODY)).isEqualTo(270);
  }

  @Test
  void ends_find_their_reserve_after_readers_took_all_else_and_emergencies_theirs() {
    takeAll(Lane.ISSUE, 300, 1, NOBODY);

    assertThat(takeAll(Lane.DEACTIVATE, 300, 0.5, NOBODY)).isEqualTo(20);
    assertThat(takeAll(Lane.EMERGENCY, 300, 0.5, NOBODY)).isEqualTo(10);
    assertThat(free).isZero();
  }

  @Test
  void the_reserve_is_given_free_at_the_end_of_the_window() {
    takeAll(Lane.ISSUE, 300, 1, NOBODY);

    assertThat(takeAll(Lane.ISSUE, 300, 0, NOBODY)).isEqualTo(30);
  }

  @Test
  void readers_leave_ends_their_half_while_these_are_at_work() {
    assertThat(takeAll(Lane.ISSUE, 300, 1, EnumSet.of(Lane.DEACTIVATE))).isEqualTo(135);
    assertThat(takeAll(Lane.DEACTIVATE, 300, 1, EnumSet.of(Lane.ISSUE))).isEqualTo(155);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEACTIVATE", "ROTATE", "DELETE", "LOOK"})
  void no_mass_of_other_work_takes_the_third_of_readers_who_have_not_come_yet(Lane lane) {
    takeAll(lane, 300, 1, EnumSet.of(lane));

    assertThat(takeAll(Lane.ISSUE, 300, 1, EnumSet.of(lane))).isGreaterThanOrEqualTo(89);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEACTIVATE", "ROTATE", "DELETE", "LOOK"})
  void mass_work_gets_the_whole_window_in_the_course_of_it(Lane lane) {
    int taken = 0;
    for (double left = 1; left > 0; left -= 0.05) {
      taken += takeAll(lane, 300, left, EnumSet.of(lane));
    }

    assertThat(taken + takeAll(lane, 300, 0, EnumSet.of(lane))).isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 27, 270, 300, 3_000})
  void every_lane_may_take_one_of_a_new_window(int usable) {
    for (var lane : Lane.values()) {
      free = usable;
      shares.begin();

      assertThat(takeAll(lane, usable, 1, EnumSet.allOf(Lane.class))).isPositive();
    }
  }

  @Test
  void what_is_kept_back_is_never_more_than_there_is() {
    var random = new SplittableRandom(7);
    for (int round = 0; round < 2_000; round++) {
      int usable = random.nextInt(1, 400);
      free = usable;
      shares.begin();
      var atWork = EnumSet.allOf(Lane.class);
      atWork.removeIf(_ -> random.nextBoolean());
      double left = 1;
      while (left > 0) {
        var lane = List.of(Lane.values()).get(random.nextInt(Lane.values().length));
        var moment = moment(usable, left, atWork);
        if (shares.mayTake(lane, 0, moment)) {
          // Who may take one after others may take one before them.
          assertThat(shares.mayTake(lane, 0, moment.with(free, left / 2))).isTrue();
          shares.take(lane);
          free--;
        }
        left -= random.nextDouble(0.02);
      }
      var all = EnumSet.allOf(Lane.class);
      for (var lane : all) {
        takeAll(lane, usable, 0, all);
      }
      assertThat(free).isZero();
    }
  }

  @Test
  void those_who_always_wait_get_their_parts_of_any_hundred() {
    var waiting = EnumSet.complementOf(EnumSet.of(Lane.EMERGENCY));
    var random = new SplittableRandom(11);
    for (int round = 0; round < 300; round++) {
      var those = EnumSet.copyOf(waiting);
      those.removeIf(_ -> random.nextInt(3) == 0);
      Map<Lane, Integer> got = new EnumMap<>(Lane.class);
      int turns = 300;
      for (int i = 0; i < turns && !those.isEmpty(); i++) {
        got.merge(shares.next(those::contains).orElseThrow(), 1, Integer::sum);
      }
      for (var lane : those) {
        assertThat(got.getOrDefault(lane, 0))
            .as("%s of %s", lane, those)
            .isGreaterThanOrEqualTo(turns * lane.weight() / Lane.WHOLE - 2);
      }
      waiting.forEach(shares::idle);
    }
  }

  @Test
  void what_idle_lanes_leave_goes_to_the_first_that_waits() {
    int issues = 0;
    var those = EnumSet.of(Lane.ISSUE, Lane.ROTATE);
    for (int i = 0; i < 120; i++) {
      issues += shares.next(those::contains).orElseThrow() == Lane.ISSUE ? 1 : 0;
    }

    assertThat(issues).isEqualTo(110);
  }

  @Test
  void emergencies_go_before_everything() {
    for (int i = 0; i < 10; i++) {
      assertThat(shares.next(_ -> true)).contains(Lane.EMERGENCY);
    }
  }
}
