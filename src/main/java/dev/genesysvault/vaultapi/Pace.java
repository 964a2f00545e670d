package dev.genesysvault.vaultapi;

import dev.genesysvault.resilience.Time;
import java.time.Duration;

/** How fast clients follow one another, and for how long nobody asks since Genesys said so. */
public final class Pace {
  private final Time time;
  private final long gap;
  private long nextTurn;
  private long pausedUntil;
  private long paused;

  /**
   * Makes one.
   *
   * @param perMinute clients a minute at the most, from 1
   */
  public Pace(Time time, int perMinute) {
    this.time = time;
    this.gap = Duration.ofMinutes(1).toNanos() / perMinute;
    this.nextTurn = time.nanos();
    this.pausedUntil = time.nanos();
  }

  /** Waits until the next client may be asked for. */
  public void awaitTurn() throws InterruptedException {
    long wait;
    synchronized (this) {
      long now = time.nanos();
      if (nextTurn - now < 0) {
        nextTurn = now;
      }
      wait = nextTurn - now;
      nextTurn += gap;
    }
    sleep(wait);
    awaitPause();
  }

  /** Waits until no pause is under way. */
  public void awaitPause() throws InterruptedException {
    for (long wait = left(); wait > 0; wait = left()) {
      sleep(wait);
    }
  }

  /** Has nobody ask for a while; a pause that lasts longer already stays. */
  public synchronized void pause(Duration length) {
    long now = time.nanos();
    long begin = pausedUntil - now > 0 ? pausedUntil : now;
    long end = now + length.toNanos();
    if (end - begin > 0) {
      paused += end - begin;
      pausedUntil = end;
    }
  }

  /** Returns for how long nobody asked, in all. */
  public synchronized Duration paused() {
    return Duration.ofNanos(paused);
  }

  private synchronized long left() {
    return pausedUntil - time.nanos();
  }

  private void sleep(long nanos) throws InterruptedException {
    if (nanos > 0) {
      time.sleep(Duration.ofNanos(nanos));
    }
  }
}
