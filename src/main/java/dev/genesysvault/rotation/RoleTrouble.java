package dev.genesysvault.rotation;

import dev.genesysvault.rotation.RotationWatch.Overdue;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RotationQueue} knows to be wrong with one static role.
 *
 * @param name of the role
 * @param unreadable whether its credential cannot be read
 * @param unwatched whether nobody has looked yet what should have happened by now
 * @param overdue what should have happened by now; null for nothing
 * @param failures of its step in a row
 * @param failingSince when the first of these was; null for none
 * @param error what was met last; empty for nothing
 * @param inUseSince since when its former client is known to be used although its grace is over;
 *     null where it is not, or was a while ago
 * @param inUse what was seen of that; empty for nothing
 * @param behind which entries of destinations wait for its credential; null for none
 * @param drifted the entries of destinations that somebody else has written to
 */
public record RoleTrouble(
    String name,
    boolean unreadable,
    boolean unwatched,
    @Nullable Overdue overdue,
    int failures,
    @Nullable Instant failingSince,
    String error,
    @Nullable Instant inUseSince,
    String inUse,
    @Nullable Behind behind,
    List<String> drifted) {
  /** Whoever does not wait ends the client at once: what was seen is shown for a while. */
  private static final Duration SHOWN = Duration.ofMinutes(15);

  /** Copies the list. */
  public RoleTrouble {
    drifted = List.copyOf(drifted);
  }

  /** Returns what is wrong with those roles with which something is. */
  static List<RoleTrouble> of(Collection<RotationItem> items, Instant now) {
    return items.stream().flatMap(item -> of(item, now).stream()).toList();
  }

  private static Optional<RoleTrouble> of(RotationItem item, Instant now) {
    var summary = item.summary;
    var inUse = item.inUse;
    if (inUse != null && !shown(inUse, summary, now)) {
      inUse = null;
    }
    boolean unwatched = item.watch.waits() && !item.watch.due().isAfter(now);
    boolean well =
        !item.unreadable()
            && !unwatched
            && item.overdue == null
            && item.step.attempts() == 0
            && inUse == null
            && item.behindSince == null
            && summary.drifted().isEmpty();
    return well
        ? Optional.empty()
        : Optional.of(
            new RoleTrouble(
                item.name,
                item.unreadable(),
                unwatched,
                item.overdue,
                item.step.attempts(),
                item.failingSince,
                item.lastError(),
                inUse == null ? null : inUse.since(),
                inUse == null ? "" : inUse.detail(),
                behind(item),
                summary.drifted()));
  }

  private static @Nullable Behind behind(RotationItem item) {
    var since = item.behindSince;
    return since == null ? null : Behind.of(since, item.summary, item.deliveries.shown());
  }

  private static boolean shown(RotationItem.InUse inUse, RoleSummary summary, Instant now) {
    var end = summary.graceEnd();
    boolean inGrace = summary.phase() == Phase.GRACE;
    return inGrace ? end != null && !now.isBefore(end) : now.isBefore(inUse.since().plus(SHOWN));
  }
}
