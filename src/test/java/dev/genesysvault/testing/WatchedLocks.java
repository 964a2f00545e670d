package dev.genesysvault.testing;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.SystemLocks;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Real monitors that tell when tasks wait in them, so that a test need not guess. */
public final class WatchedLocks implements Locks {
  private static final long PATIENCE_SECONDS = 30;

  private final Locks real = new SystemLocks();
  private final Semaphore begun = new Semaphore(0);

  /** Waits until that many further waits have begun; fails after half a minute. */
  public void awaitWaits(int count) throws InterruptedException {
    if (!begun.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("fewer than %d tasks wait".formatted(count));
    }
  }

  @Override
  public Monitor monitor() {
    var monitor = real.monitor();
    return new RealMonitor(monitor) {
      @Override
      public void await(Duration atMost) throws InterruptedException {
        // The monitor is still held: who takes it next finds this task waiting.
        begun.release();
        monitor.await(atMost);
      }
    };
  }
}
