package dev.genesysvault.destination;

import dev.genesysvault.domain.Trouble;
import java.time.Duration;

/**
 * Why a destination did not do what was asked of it.
 *
 * @param why for whoever operates the mount: what was met, and what to do
 * @param extent what else fails of the same
 * @param retryAfter for how long it wants to be left alone; zero where it does not say
 */
public record DestinationFailure(Trouble why, Extent extent, Duration retryAfter) {
  /** How far a failure reaches. */
  public enum Extent {
    /** It concerns this entry; others may do well. */
    ENTRY,
    /** The destination is away, throttles or takes no log-in: all of its entries fail. */
    DESTINATION
  }
}
