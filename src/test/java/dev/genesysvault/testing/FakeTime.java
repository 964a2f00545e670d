package dev.genesysvault.testing;

import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time that moves only when told to: a sleep returns at once and moves it. For many tasks. */
public final class FakeTime implements Time {
  /** When every test begins. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final List<Duration> sleeps = new ArrayList<>();
  private Duration elapsed = Duration.ZERO;
  private Duration ahead = Duration.ZERO;
  private Duration look = Duration.ZERO;

  /** Moves the clock. */
  public void advance(Duration by) {
    synchronized (this) {
      elapsed = elapsed.plus(by);
    }
    watchers.forEach(Runnable::run);
  }

  /** Lets the wall clock, and it alone, be wrong by that much. */
  public void setAhead(Duration by) {
    synchronized (this) {
      ahead = by;
    }
    watchers.forEach(Runnable::run);
  }

  /** Moves the clock by that much with each look at it, as the machine's own does. */
  public synchronized void letLooksTake(Duration each) {
    look = each;
  }

  /** Has something done after each move. */
  void onMove(Runnable watcher) {
    watchers.add(watcher);
  }

  /** Returns every sleep so far, in order. */
  public synchronized List<Duration> sleeps() {
    return List.copyOf(sleeps);
  }

  @Override
  public synchronized Instant now() {
    elapsed = elapsed.plus(look);
    return START.plus(elapsed).plus(ahead);
  }

  @Override
  public synchronized long nanos() {
    elapsed = elapsed.plus(look);
    // Overflows soon, so that a comparison without subtraction shows.
    return Long.MAX_VALUE - 5 + elapsed.toNanos();
  }

  @Override
  public void sleep(Duration wait) {
    synchronized (this) {
      sleeps.add(wait);
    }
    advance(wait);
  }
}
