package dev.genesysvault.testing;

import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that moves only when told to: a sleep returns at once and moves it. */
public final class FakeTime implements Time {
  /** When every test begins. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Duration> sleeps = new ArrayList<>();
  private Duration elapsed = Duration.ZERO;
  private Duration ahead = Duration.ZERO;

  /** Moves the clock. */
  public void advance(Duration by) {
    elapsed = elapsed.plus(by);
  }

  /** Lets the wall clock, and it alone, be wrong by that much. */
  public void setAhead(Duration by) {
    ahead = by;
  }

  /** Returns every sleep so far, in order. */
  public List<Duration> sleeps() {
    return List.copyOf(sleeps);
  }

  @Override
  public Instant now() {
    return START.plus(elapsed).plus(ahead);
  }

  @Override
  public long nanos() {
    // Overflows soon, so that a comparison without subtraction shows.
    return Long.MAX_VALUE - 5 + elapsed.toNanos();
  }

  @Override
  public void sleep(Duration wait) {
    sleeps.add(wait);
    advance(wait);
  }
}
