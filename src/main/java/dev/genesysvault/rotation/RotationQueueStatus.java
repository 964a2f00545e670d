package dev.genesysvault.rotation;

import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.work.Pause;
import dev.genesysvault.work.Tally;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RotationQueue} shows of how its mount's rotations do.
 *
 * @param loaded whether every static role is known
 * @param tainted whether none is worked on, since the mount is being disabled or moved
 * @param known how many are
 * @param phases how many are in each phase of a rotation; none is not there
 * @param failing whose last step failed
 * @param overdue of which something should have happened by now and has not
 * @param emergencies whose client leaked and is replaced
 * @param behind how many entries of destinations do not hold the present client of their role
 * @param next when the first of the next rotations is due; empty where none is
 * @param last when the latest rotation was; empty where there was none
 * @param oldest when the rotation was that is longest ago of each role's last; empty for none
 * @param paused until when none is worked on; empty where they are
 * @param reason why; empty where they are worked on
 */
public record RotationQueueStatus(
    boolean loaded,
    boolean tainted,
    int known,
    Map<Phase, Integer> phases,
    long failing,
    long overdue,
    long emergencies,
    long behind,
    Optional<Instant> next,
    Optional<Instant> last,
    Optional<Instant> oldest,
    Optional<Instant> paused,
    String reason) {
  /** Copies the map. */
  public RotationQueueStatus {
    phases = Map.copyOf(phases);
  }

  /** Returns how many are in a phase of a rotation. */
  public long rotating() {
    return (long) known - phases.getOrDefault(Phase.IDLE, 0);
  }

  /** Counts in one plain walk, since whoever changes something waits for its end. */
  static RotationQueueStatus of(
      boolean loaded, boolean tainted, Collection<RotationItem> items, Pause pause) {
    var phases = new Tally<>(Phase.class);
    long failing = 0;
    long overdue = 0;
    long emergencies = 0;
    long behind = 0;
    Instant next = null;
    Instant last = null;
    Instant oldest = null;
    for (var item : items) {
      var summary = item.summary;
      phases.met(summary.phase());
      failing += item.lastError().isEmpty() ? 0 : 1;
      overdue += item.overdue == null ? 0 : 1;
      emergencies += summary.emergency() ? 1 : 0;
      behind += summary.behind().size();
      next = earlier(next, summary.nextRotation());
      oldest = earlier(oldest, summary.lastRotation());
      last = later(last, summary.lastRotation());
    }
    boolean paused = pause.lasts();
    return new RotationQueueStatus(
        loaded,
        tainted,
        items.size(),
        phases.counts(),
        failing,
        overdue,
        emergencies,
        behind,
        Optional.ofNullable(next),
        Optional.ofNullable(last),
        Optional.ofNullable(oldest),
        paused ? Optional.of(pause.end().truncatedTo(ChronoUnit.SECONDS)) : Optional.empty(),
        paused ? pause.reason() : "");
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }
}
