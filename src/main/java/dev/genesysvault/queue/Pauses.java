package dev.genesysvault.queue;

import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.work.Pause;
import java.time.Duration;
import java.time.Instant;

/**
 * What holds work of a {@link ClientQueue} up: for how long which steps ask Genesys nothing.
 * Genesys away holds up all of them. The request budget refuses a deletion long before a
 * deactivation, so that a deletion which has to wait holds up deletions alone.
 */
final class Pauses {
  private final Pause all;
  private final Pause deletions;

  Pauses(Time time, Randomness randomness) {
    this.all = new Pause(time, randomness);
    this.deletions = new Pause(time, randomness);
  }

  /** Returns the one that holds up every step but a look at the record. */
  Pause all() {
    return all;
  }

  /** Holds up deletions for a while. */
  void beginDeletions(Duration length, String why) {
    deletions.begin(length, why);
  }

  /** Ends both. */
  void over() {
    all.over();
    deletions.over();
  }

  /** Ends both for one try. */
  void lift() {
    all.lift();
    deletions.lift();
  }

  /** Returns until when such work is held up, as {@link Pause#heldUntil} does. */
  Instant until(ClientPriority priority) {
    return switch (priority) {
      case DEACTIVATE, DRAIN, SEARCH -> all.heldUntil();
      case DELETE -> later(all.heldUntil(), deletions.heldUntil());
      // What leaked waits by itself after a failure; the others ask Genesys nothing.
      case JOURNAL,
          LEAKED_REREAD,
          LEAKED_DEACTIVATE,
          LEAKED_DRAIN,
          LEAKED_SEARCH,
          LEAKED_DELETE,
          FOUND,
          REREAD ->
          Instant.MIN;
    };
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
