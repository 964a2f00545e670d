package dev.genesysvault.engine;

import dev.genesysvault.rotation.CronSchedule;
import dev.genesysvault.storage.RotationTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Turns what a caller wrote of a static role's times into its timing, over the one before. */
final class TimingFields {
  private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(5);
  private static final Duration LONGEST_PERIOD = Duration.ofDays(3_650);
  private static final Duration SHORTEST_WINDOW = Duration.ofHours(1);
  private static final Duration SHORTEST_GRACE = Duration.ofSeconds(2);
  private static final Duration USUAL_GRACE = Duration.ofHours(1);
  private static final Duration USUAL_WAIT = Duration.ofDays(1);

  private final Fields fields;
  private final Optional<RotationTiming> before;
  private final boolean waitsForUse;
  private final Instant now;

  /**
   * Makes it.
   *
   * @param waitsForUse whether a former client that is still used may stay after its grace
   */
  TimingFields(Fields fields, Optional<RotationTiming> before, boolean waitsForUse, Instant now) {
    this.fields = fields;
    this.before = before;
    this.waitsForUse = waitsForUse;
    this.now = now;
  }

  RotationTiming merged() {
    var period = fields.seconds("rotation_period").filter(Duration::isPositive);
    var schedule = fields.text("rotation_schedule").filter(text -> !text.isEmpty());
    if (period.isPresent() && schedule.isPresent()) {
      throw RefusedException.badInput(
          "rotation_period and rotation_schedule are both given; give one of them");
    }
    if (period.isPresent()) {
      return periodic(checkedPeriod(period.get()));
    }
    if (schedule.isPresent()) {
      return scheduled(schedule.get());
    }
    var former =
        before.orElseThrow(() ->
            RefusedException.badInput(
                "rotation_period is missing: say how often to rotate, such as 30d, or give rotation_schedule"));
    return former.scheduled() ? scheduled(former.schedule()) : periodic(former.period());
  }

  private static Duration checkedPeriod(Duration period) {
    if (period.compareTo(SHORTEST_PERIOD) < 0 || period.compareTo(LONGEST_PERIOD) > 0) {
      throw RefusedException.badInput(
          "rotation_period is %d seconds; must be %d to %d"
              .formatted(
                  period.toSeconds(), SHORTEST_PERIOD.toSeconds(), LONGEST_PERIOD.toSeconds()));
    }
    return period;
  }

  private RotationTiming periodic(Duration period) {
    if (fields.seconds("rotation_window").filter(Duration::isPositive).isPresent()) {
      throw RefusedException.badInput(
          "rotation_window goes with rotation_schedule, and this static role has a rotation_period");
    }
    var grace = grace(period, before.filter(timing -> !timing.scheduled()));
    var stagger =
        fields
            .seconds("stagger")
            .or(() -> keptStagger())
            .orElseGet(() -> usualStagger(period, grace));
    // The former client must be gone when the next rotation begins, however early that is.
    var most = period.minus(grace.multipliedBy(2));
    if (stagger.compareTo(most) > 0) {
      throw RefusedException.badInput(
          "stagger is %d seconds; must be at most rotation_period less twice grace_period, %d"
              .formatted(stagger.toSeconds(), most.toSeconds()));
    }
    return new RotationTiming(
        period, "", Duration.ZERO, grace, stagger, usageWait(room(period, grace, stagger)));
  }

  private RotationTiming scheduled(String text) {
    Duration interval;
    try {
      interval = CronSchedule.parse(text).shortestInterval(now);
    } catch (IllegalArgumentException e) {
      throw RefusedException.badInput("rotation_schedule: " + e.getMessage());
    }
    var window =
        fields
            .seconds("rotation_window")
            .or(() -> before.filter(RotationTiming::scheduled).map(RotationTiming::window))
            .orElse(Duration.ZERO);
    if (window.isPositive() && window.compareTo(SHORTEST_WINDOW) < 0) {
      throw RefusedException.badInput(
          "rotation_window is %d seconds; must be at least %d, or 0 for any time"
              .formatted(window.toSeconds(), SHORTEST_WINDOW.toSeconds()));
    }
    var grace = grace(interval, before.filter(RotationTiming::scheduled));
    var stagger =
        fields
            .seconds("stagger")
            .or(() -> before.filter(RotationTiming::scheduled).map(RotationTiming::stagger))
            .orElse(Duration.ZERO);
    // Half of the window is left for rotations that are held up.
    var most =
        Durations.least(
            room(interval, grace, Duration.ZERO),
            window.isPositive() ? window.dividedBy(2) : interval);
    if (stagger.compareTo(most) > 0) {
      throw RefusedException.badInput(
          "stagger is %d seconds; must be at most %d: half of rotation_window, and what two graces leave of the time between two slots"
              .formatted(stagger.toSeconds(), most.toSeconds()));
    }
    return new RotationTiming(
        Duration.ZERO, text, window, grace, stagger, usageWait(room(interval, grace, stagger)));
  }

  /** The former client must be gone when the next rotation begins, however early that is. */
  private static Duration room(Duration interval, Duration grace, Duration stagger) {
    return interval.minus(grace.multipliedBy(2)).minus(stagger);
  }

  private Duration usageWait(Duration room) {
    var given = fields.seconds("usage_check_max_wait");
    if (!waitsForUse) {
      if (given.filter(Duration::isPositive).isPresent()) {
        throw RefusedException.badInput(
            "usage_check_max_wait goes with usage_check=wait, and this static role does not wait");
      }
      return Duration.ZERO;
    }
    var wait = given.or(this::keptUsageWait).orElseGet(() -> Durations.least(USUAL_WAIT, room));
    if (!wait.isPositive() || wait.compareTo(room) > 0) {
      throw RefusedException.badInput(
          "usage_check_max_wait is %d seconds; must be 1 to %d, which the time between two rotations less stagger and two graces leaves"
              .formatted(wait.toSeconds(), Math.max(0, room.toSeconds())));
    }
    return wait;
  }

  /** Returns the wait before, where it was chosen. */
  private Optional<Duration> keptUsageWait() {
    return before
        .filter(timing -> timing.usageWait().isPositive())
        .filter(
            timing -> !timing.usageWait().equals(Durations.least(USUAL_WAIT, formerRoom(timing))))
        .map(RotationTiming::usageWait);
  }

  private Duration formerRoom(RotationTiming timing) {
    return room(interval(timing), timing.grace(), timing.stagger());
  }

  private Duration interval(RotationTiming timing) {
    return timing.scheduled()
        ? CronSchedule.parse(timing.schedule()).shortestInterval(now)
        : timing.period();
  }

  private Duration grace(Duration period, Optional<RotationTiming> former) {
    var given = fields.seconds("grace_period");
    var kept = former.filter(this::graceWasChosen).map(RotationTiming::grace);
    var grace = given.or(() -> kept).orElseGet(() -> usualGrace(period));
    var most = period.dividedBy(2);
    if (grace.compareTo(SHORTEST_GRACE) < 0 || grace.compareTo(most) > 0) {
      throw RefusedException.badInput(
          "grace_period is %d seconds; must be %d to %d, half of the time between two rotations"
              .formatted(grace.toSeconds(), SHORTEST_GRACE.toSeconds(), most.toSeconds()));
    }
    return grace;
  }

  private boolean graceWasChosen(RotationTiming timing) {
    return !timing.grace().equals(usualGrace(interval(timing)));
  }

  private static Duration usualGrace(Duration period) {
    return Durations.least(USUAL_GRACE, Duration.ofSeconds(period.toSeconds() / 2));
  }

  /** Returns the stagger before, where it was chosen. */
  private Optional<Duration> keptStagger() {
    return before
        .filter(timing -> !timing.scheduled())
        .filter(timing -> !timing.stagger().equals(usualStagger(timing.period(), timing.grace())))
        .map(RotationTiming::stagger);
  }

  private static Duration usualStagger(Duration period, Duration grace) {
    return Durations.least(
        Duration.ofSeconds(period.toSeconds() / 10), period.minus(grace.multipliedBy(2)));
  }
}
