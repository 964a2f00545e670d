package dev.genesysvault.engine.staticroles;

import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.rotation.CronSchedule;
import dev.genesysvault.storage.RotationTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Turns what a caller wrote of a static role's times into its timing, over the one before. */
public final class TimingFields {
  private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(5);
  private static final Duration LONGEST_PERIOD = Duration.ofDays(3_650);
  private static final Duration SHORTEST_WINDOW = Duration.ofHours(1);
  private static final Duration SHORTEST_GRACE = Duration.ofSeconds(2);
  private static final Duration USUAL_GRACE = Duration.ofHours(1);
  private static final Duration USUAL_WAIT = Duration.ofDays(1);

  private static final String GRACE = "grace_period";
  private static final String STAGGER = "stagger";
  private static final String USAGE_WAIT = "usage_check_max_wait";

  private final Fields fields;
  private final Optional<RotationTiming> before;
  private final boolean waitsForUse;
  private final Instant now;

  /**
   * Makes it.
   *
   * @param waitsForUse whether a former client that is still used may stay after its grace
   */
  public TimingFields(
      Fields fields, Optional<RotationTiming> before, boolean waitsForUse, Instant now) {
    this.fields = fields;
    this.before = before;
    this.waitsForUse = waitsForUse;
    this.now = now;
  }

  public RotationTiming merged() {
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
    var grace = grace(period);
    var stagger =
        fields.seconds(STAGGER).or(this::keptStagger).orElseGet(() -> usualStagger(period, grace));
    // The former client must be gone when the next rotation begins, however early that is.
    var most = period.minus(grace.multipliedBy(2));
    if (stagger.compareTo(most) > 0) {
      throw RefusedException.badInput(
          "stagger is %d seconds%s; must be at most rotation_period less twice grace_period, %d"
              .formatted(stagger.toSeconds(), kept(STAGGER), most.toSeconds()));
    }
    var wait = usageWait(room(period, grace, stagger));
    return new RotationTiming(period, "", Duration.ZERO, grace, stagger, wait, chosen());
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
    var grace = grace(interval);
    var stagger = fields.seconds(STAGGER).or(this::keptStagger).orElse(Duration.ZERO);
    // Half of the window is left for rotations that are held up.
    var most =
        Durations.least(
            room(interval, grace, Duration.ZERO),
            window.isPositive() ? window.dividedBy(2) : interval);
    if (stagger.compareTo(most) > 0) {
      throw RefusedException.badInput(
          "stagger is %d seconds%s; must be at most %d: half of rotation_window, and what two graces leave of the time between two slots"
              .formatted(stagger.toSeconds(), kept(STAGGER), most.toSeconds()));
    }
    var wait = usageWait(room(interval, grace, stagger));
    return new RotationTiming(Duration.ZERO, text, window, grace, stagger, wait, chosen());
  }

  /** What somebody wrote stays, whatever it would follow otherwise. */
  private Set<String> chosen() {
    var chosen = new TreeSet<String>();
    for (var name : List.of(GRACE, STAGGER, USAGE_WAIT)) {
      if (fields.has(name) || wasChosen(name)) {
        chosen.add(name);
      }
    }
    if (!waitsForUse) {
      chosen.remove(USAGE_WAIT);
    }
    return chosen;
  }

  /** Of timings that do not say so: what is not as it would be by itself was chosen. */
  private boolean wasChosen(String name) {
    return before
        .filter(timing -> {
          var chosen = timing.chosen();
          return chosen != null ? chosen.contains(name) : differs(timing, name);
        })
        .isPresent();
  }

  private boolean differs(RotationTiming timing, String name) {
    return switch (name) {
      case GRACE -> !timing.grace().equals(usualGrace(interval(timing)));
      case STAGGER -> !timing.stagger().equals(usualStagger(timing));
      default ->
          timing.usageWait().isPositive()
              && !timing.usageWait().equals(Durations.least(USUAL_WAIT, formerRoom(timing)));
    };
  }

  /** Says of a refused value that it is not one of this write. */
  private String kept(String name) {
    return !fields.has(name) && wasChosen(name) ? " (written before; write it as well)" : "";
  }

  /** The former client must be gone when the next rotation begins, however early that is. */
  private static Duration room(Duration interval, Duration grace, Duration stagger) {
    return interval.minus(grace.multipliedBy(2)).minus(stagger);
  }

  private Duration usageWait(Duration room) {
    var given = fields.seconds(USAGE_WAIT);
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
          "usage_check_max_wait is %d seconds%s; must be 1 to %d, which the time between two rotations less stagger and two graces leaves"
              .formatted(wait.toSeconds(), kept(USAGE_WAIT), Math.max(0, room.toSeconds())));
    }
    return wait;
  }

  /** Returns the wait before, where it was chosen. */
  private Optional<Duration> keptUsageWait() {
    return before
        .map(RotationTiming::usageWait)
        .filter(wait -> wait.isPositive() && wasChosen(USAGE_WAIT));
  }

  private Duration formerRoom(RotationTiming timing) {
    return room(interval(timing), timing.grace(), timing.stagger());
  }

  private Duration interval(RotationTiming timing) {
    return timing.scheduled()
        ? CronSchedule.parse(timing.schedule()).shortestInterval(now)
        : timing.period();
  }

  private Duration grace(Duration period) {
    var given = fields.seconds(GRACE);
    var kept = before.filter(_ -> wasChosen(GRACE)).map(RotationTiming::grace);
    var grace = given.or(() -> kept).orElseGet(() -> usualGrace(period));
    var most = period.dividedBy(2);
    if (grace.compareTo(SHORTEST_GRACE) < 0 || grace.compareTo(most) > 0) {
      throw RefusedException.badInput(
          "grace_period is %d seconds%s; must be %d to %d, half of the time between two rotations"
              .formatted(
                  grace.toSeconds(), kept(GRACE), SHORTEST_GRACE.toSeconds(), most.toSeconds()));
    }
    return grace;
  }

  private static Duration usualGrace(Duration period) {
    return Durations.least(USUAL_GRACE, Duration.ofSeconds(period.toSeconds() / 2));
  }

  /** Returns the stagger before, where it was chosen. */
  private Optional<Duration> keptStagger() {
    return before.filter(_ -> wasChosen(STAGGER)).map(RotationTiming::stagger);
  }

  private static Duration usualStagger(RotationTiming timing) {
    return timing.scheduled() ? Duration.ZERO : usualStagger(timing.period(), timing.grace());
  }

  private static Duration usualStagger(Duration period, Duration grace) {
    return Durations.least(
        Duration.ofSeconds(period.toSeconds() / 10), period.minus(grace.multipliedBy(2)));
  }
}
