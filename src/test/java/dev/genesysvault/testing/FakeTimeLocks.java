package dev.genesysvault.testing;

import dev.genesysvault.resilience.Locks;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Monitors for many tasks whose waits go by the clock that the test holds: each move of it wakes
 * whoever waits, to look whether the time is over. So no task waits for the machine's own clock,
 * however late a busy machine lets it begin.
 */
public final class FakeTimeLocks implements Locks {
  private final FakeTime time;

  /** Makes monitors that look at this clock. */
  public FakeTimeLocks(FakeTime time) {
    this.time = time;
  }

  @Override
  public Monitor monitor() {
    var lock = new ReentrantLock();
    var changed = lock.newCondition();
    time.onMove(() -> {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    });
    return new FakeTimeMonitor(lock, changed);
  }

  private record FakeTimeMonitor(ReentrantLock guard, Condition changed) implements Monitor {
    @Override
    public void lock() {
      guard.lock();
    }

    @Override
    public void unlock() {
      guard.unlock();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // The contract passes spurious wake-ups on to the caller.
    public void await(Duration atMost) throws InterruptedException {
      if (atMost.isPositive()) {
        changed.await();
      } else if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }

    @Override
    public void signalAll() {
      changed.signalAll();
    }
  }
}
