package dev.genesysvault.rotation;

import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Randomness;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** How long a static role waits whose step has failed. */
final class RotationWaits {
  private static final Duration FIRST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Somebody logs in with what leaked until it succeeds. */
  private static final Duration LONGEST_OF_EMERGENCY = Duration.ofSeconds(10);

  private final Backoff waits;

  RotationWaits(Randomness randomness) {
    this.waits = new Backoff(FIRST, LONGEST, randomness);
  }

  /**
   * Returns the wait, longer after each failure in a row.
   *
   * @param least of it
   */
  Duration after(RotationItem item, Duration least) {
    var wait = waits.after(item.step.attempts());
    var most = item.summary.emergency() ? LONGEST_OF_EMERGENCY : LONGEST;
    return Collections.max(List.of(least, Collections.min(List.of(wait, most))));
  }
}
