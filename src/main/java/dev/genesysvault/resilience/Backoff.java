package dev.genesysvault.resilience;

import java.time.Duration;

/**
 * Exponential backoff with full jitter.
 *
 * @param base the most that the first wait can be
 * @param cap the most that any wait can be
 * @param randomness gives the share of the ceiling to wait
 */
public record Backoff(Duration base, Duration cap, Randomness randomness) {
  /** Checks the bounds. */
  public Backoff {
    if (!base.isPositive() || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "base is %s, cap is %s; need 0 < base <= cap".formatted(base, cap));
    }
  }

  /** Returns the wait after failure number {@code failures}, counted from 1. */
  public Duration after(int failures) {
    long ceiling = Math.min(cap.toNanos(), doubled(base.toNanos(), failures - 1));
    return Duration.ofNanos((long) (ceiling * randomness.share()));
  }

  private static long doubled(long value, int times) {
    return times >= Long.numberOfLeadingZeros(value) - 1 ? Long.MAX_VALUE : value << times;
  }
}
