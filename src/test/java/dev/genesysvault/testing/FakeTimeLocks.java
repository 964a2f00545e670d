package dev.genesysvault.testing;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.SystemLocks;
import java.time.Duration;

/**
 * Real monitors for many tasks, whose waits go by the clock that the test holds: each move of it
 * wakes whoever waits, to look whether the time is over. So no task waits for the machine's own
 * clock, however late a busy machine lets it begin.
 */
public final class FakeTimeLocks implements Locks {
  private static final Duration UNTIL_MOVED = Duration.ofDays(1);

  private final Locks real = new SystemLocks();
  private final FakeTime time;

  /** Makes monitors that look at this clock. */
  public FakeTimeLocks(FakeTime time) {
    this.time = time;
  }

  @Override
  public Monitor monitor() {
    var monitor = real.monitor();
    time.onMove(() -> monitor.run(monitor::signalAll));
    return new RealMonitor(monitor) {
      @Override
      public void await(Duration atMost) throws InterruptedException {
        monitor.await(atMost.isPositive() ? UNTIL_MOVED : Duration.ZERO);
      }
    };
  }
}
