package dev.genesysvault.simulation;

import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;

/** The clocks of the sidecar's host: its wall clock may be wrong, and jump. */
final class HostClock implements Time {
  private final Scheduler scheduler;
  private Duration wrong = Duration.ZERO;
  private boolean wasRight = true;

  HostClock(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Has the wall clock be ahead of everybody else's by this much, at once. */
  void setWrong(Duration ahead) {
    wrong = ahead;
    wasRight &= ahead.isZero();
    scheduler.trace("clock", "is wrong by " + ahead);
  }

  /** Whether the wall clock was never wrong. */
  boolean wasRight() {
    return wasRight;
  }

  @Override
  public Instant now() {
    return scheduler.now().plus(wrong);
  }

  @Override
  public long nanos() {
    return scheduler.nanos();
  }

  @Override
  public void sleep(Duration wait) throws InterruptedException {
    scheduler.sleep(wait);
  }
}
