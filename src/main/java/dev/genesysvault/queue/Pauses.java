package dev.genesysvault.queue;

import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * For how long which steps of a mount ask Genesys nothing. Genesys away holds up all of them. The
 * request budget refuses a deletion long before a deactivation, so that a deletion which has to
 * wait holds up deletions alone.
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

  /** Whether a step is held up. */
  boolean hold(Step step) {
    return switch (step) {
      case REREAD -> false;
      case DEACTIVATE, DRAIN, SEARCH -> all.lasts();
      case DELETE -> all.lasts() || deletions.lasts();
    };
  }

  /** Returns until when a step is held up, as the wall clock shows it; the present for not. */
  Instant end(Step step) {
    var end = all.end();
    return step == Step.DELETE && deletions.end().isAfter(end) ? deletions.end() : end;
  }
}
