package dev.genesysvault.resilience;

import java.time.Duration;
import java.time.Instant;

/** The door to the clock. */
public interface Time {
  /** Returns the wall clock's time, for what is stored or shown. */
  Instant now();

  /** Returns nanoseconds since an arbitrary origin; compare by subtraction only. */
  long nanos();

  /**
   * Waits.
   *
   * @throws InterruptedException when interrupted meanwhile
   */
  void sleep(Duration wait) throws InterruptedException;
}
