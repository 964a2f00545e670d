package dev.genesysvault.rotation;

import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.work.Pause;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a {@link RotationQueue} shows of how its mount's rotations do.
 *
 * @param loaded whether every static role is known
 * @param tainted whether none is worked on, since the mount is being disabled or moved
 * @param known how many are
 * @param rotating how many are in a phase of a rotation
 * @param failing whose last step failed
 * @param overdue of which something should have happened by now and has not
 * @param behind how many entries of destinations do not hold the present client of their role
 * @param paused until when none is worked on; empty where they are
 * @param reason why; empty where they are worked on
 */
public record RotationQueueStatus(
    boolean loaded,
    boolean tainted,
    int known,
    long rotating,
    long failing,
    long overdue,
    long behind,
    Optional<Instant> paused,
    String reason) {

  static RotationQueueStatus of(
      boolean loaded, boolean tainted, Collection<RotationItem> items, Pause pause) {
    boolean paused = pause.lasts();
    return new RotationQueueStatus(
        loaded,
        tainted,
        items.size(),
        count(items, item -> item.summary.phase() != Phase.IDLE),
        count(items, item -> !item.lastError().isEmpty()),
        count(items, item -> item.overdue != null),
        items.stream().mapToLong(item -> item.summary.behind()).sum(),
        paused ? Optional.of(pause.end().truncatedTo(ChronoUnit.SECONDS)) : Optional.empty(),
        paused ? pause.reason() : "");
  }

  private static long count(Collection<RotationItem> items, Predicate<RotationItem> which) {
    return items.stream().filter(which).count();
  }
}
