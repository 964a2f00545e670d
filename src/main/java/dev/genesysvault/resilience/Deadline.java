package dev.genesysvault.resilience;

import java.time.Duration;

/** A moment on {@link Time#nanos()} by which something must have happened. */
public final class Deadline {
  private static final Duration MOST = Duration.ofDays(365);

  private final Time time;
  private final long nanos;

  private Deadline(Time time, long nanos) {
    this.time = time;
    this.nanos = nanos;
  }

  /** Returns the deadline that lies {@code wait} ahead; at most a year. */
  public static Deadline in(Duration wait, Time time) {
    var capped = wait.compareTo(MOST) > 0 ? MOST : wait;
    return new Deadline(time, time.nanos() + capped.toNanos());
  }

  /** Returns what is left; zero where it is over. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - time.nanos()));
  }

  /** Whether nothing is left. */
  public boolean over() {
    return nanos - time.nanos() <= 0;
  }

  /** Whether a wait would end before it. */
  public boolean allows(Duration wait) {
    return left().compareTo(wait) > 0;
  }

  /** Returns this deadline, or the one that lies {@code wait} ahead where that comes first. */
  public Deadline atMost(Duration wait) {
    return allows(wait) ? in(wait, time) : this;
  }

  /** Returns this deadline moved ahead, to keep time for what must follow. */
  public Deadline minus(Duration reserve) {
    return new Deadline(time, nanos - reserve.toNanos());
  }
}
