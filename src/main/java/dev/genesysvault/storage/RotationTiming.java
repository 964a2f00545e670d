package dev.genesysvault.storage;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Part of a static role's document: when its client is rotated, and how long its predecessor lives
 * on.
 *
 * @param period between rotations; zero where a schedule is given
 * @param schedule cron expression of five fields, in UTC; empty where a period is given
 * @param window how long after its slot a scheduled rotation may begin; zero: at any time
 * @param grace how long a predecessor outlives the switch to its successor
 * @param stagger how much earlier than its period (later than its slot) a rotation begins at most;
 *     each role has its own share of it
 * @param usageWait how long after its grace a predecessor that is still used may stay; zero where
 *     nobody waits for it
 * @param chosen which of grace_period, stagger and usage_check_max_wait somebody wrote, and did not
 *     leave to follow the others; null where that was not kept yet
 */
public record RotationTiming(
    Duration period,
    String schedule,
    Duration window,
    Duration grace,
    Duration stagger,
    Duration usageWait,
    @Nullable Set<String> chosen) {
  /** Copies the names. */
  public RotationTiming {
    chosen = chosen == null ? null : Collections.unmodifiableSet(new TreeSet<>(chosen));
  }

  /** Makes one of which is not known what somebody chose. */
  public RotationTiming(
      Duration period,
      String schedule,
      Duration window,
      Duration grace,
      Duration stagger,
      Duration usageWait) {
    this(period, schedule, window, grace, stagger, usageWait, null);
  }

  /** Whether a cron schedule, not a period, says when. */
  public boolean scheduled() {
    return !schedule.isEmpty();
  }

  /** Whether rotations are due when they are by another timing. */
  public boolean sameTimes(RotationTiming other) {
    return period.equals(other.period)
        && schedule.equals(other.schedule)
        && window.equals(other.window)
        && stagger.equals(other.stagger);
  }

  static RotationTiming read(Members members) {
    return new RotationTiming(
        members.seconds("rotation_period"),
        members.textOr("rotation_schedule", ""),
        members.seconds("rotation_window"),
        members.seconds("grace_period"),
        members.seconds("stagger"),
        members.seconds("usage_check_max_wait"),
        members.has("chosen_times") ? new TreeSet<>(members.texts("chosen_times")) : null);
  }

  void write(Map<String, Object> members) {
    members.put("rotation_period", period.toSeconds());
    members.put("rotation_schedule", schedule);
    members.put("rotation_window", window.toSeconds());
    members.put("grace_period", grace.toSeconds());
    members.put("stagger", stagger.toSeconds());
    members.put("usage_check_max_wait", usageWait.toSeconds());
    if (chosen != null) {
      members.put("chosen_times", List.copyOf(chosen));
    }
  }
}
