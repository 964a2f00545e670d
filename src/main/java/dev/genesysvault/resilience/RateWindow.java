package dev.genesysvault.resilience;

import dev.genesysvault.resilience.RateBudget.Observation;
import java.time.Duration;

/**
 * The request budget's present window, as far as it is known from Genesys' replies: how many
 * requests it allows, how many it has seen, when it ends, and for how long none may leave. Not for
 * many tasks.
 */
final class RateWindow {
  static final Duration LENGTH = Duration.ofMinutes(1);

  /** Two replies whose windows end closer together than this speak of the same window. */
  private static final long SAME_WINDOW_NANOS = Duration.ofSeconds(3).toNanos();

  private final Time time;
  private final double share;
  private int allowed = RateBudget.PUBLISHED_LIMIT;
  private int used;
  private int inFlight;
  private long end;
  private long pauseEnd;
  private long number;

  RateWindow(Time time, double share) {
    this.time = time;
    this.share = share;
    this.end = time.nanos() + LENGTH.toNanos();
    this.pauseEnd = time.nanos();
  }

  /** Begins the next window where this one is over. */
  void roll() {
    if (time.nanos() - end >= 0) {
      begin(time.nanos() + LENGTH.toNanos(), inFlight);
    }
  }

  private void begin(long newEnd, int newUsed) {
    end = newEnd;
    used = newUsed;
    number++;
  }

  /** Returns a number that grows with each window. */
  long number() {
    return number;
  }

  void take() {
    used++;
    inFlight++;
  }

  /** Gives back one that was taken and never sent. */
  void giveBack() {
    inFlight--;
    used = Math.max(inFlight, used - 1);
  }

  void finished() {
    inFlight--;
  }

  void learn(Observation observation) {
    roll();
    allowed = observation.allowed();
    long seenEnd = time.nanos() + observation.reset().toNanos();
    if (Math.abs(seenEnd - end) < SAME_WINDOW_NANOS) {
      used = Math.max(used, observation.count());
      end = seenEnd;
    } else {
      begin(seenEnd, observation.count() + inFlight);
    }
  }

  void pause(Duration length) {
    long until = time.nanos() + length.toNanos();
    if (until - pauseEnd > 0) {
      pauseEnd = until;
    }
  }

  int allowed() {
    return allowed;
  }

  int used() {
    return used;
  }

  /** Returns how many requests a window has for this budget, at least 1. */
  int usable() {
    return Math.max(1, (int) (allowed * share));
  }

  /** Returns how many requests nobody has taken; not negative. */
  int free() {
    return Math.max(0, usable() - used);
  }

  Duration untilEnd() {
    return until(end);
  }

  Duration paused() {
    return until(pauseEnd);
  }

  private Duration until(long moment) {
    return Duration.ofNanos(Math.max(0, moment - time.nanos()));
  }
}
