package dev.genesysvault.work;

import java.time.Duration;
import java.time.Instant;

/** Notices, from one look to the next, that the wall clock was put back. */
final class PutBack {
  /** A clock that is put back by less is being adjusted. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private Instant latest = Instant.MIN;

  /** Whether it was put back since the last look, so that what waits may wait far too long. */
  boolean noticed(Instant now) {
    boolean is = now.plus(LEAST).isBefore(latest);
    latest = now;
    return is;
  }
}
