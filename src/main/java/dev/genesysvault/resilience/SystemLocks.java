package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Monitors over the JDK's locks. */
public final class SystemLocks implements Locks {
  @Override
  public Monitor monitor() {
    return new SystemMonitor();
  }

  private static final class SystemMonitor implements Monitor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @Override
    public void lock() {
      lock.lock();
    }

    @Override
    public void unlock() {
      lock.unlock();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // The contract passes spurious wake-ups on to the caller.
    public void await(Duration atMost) throws InterruptedException {
      var _ = changed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // As above.
    public void await() throws InterruptedException {
      changed.await();
    }

    @Override
    public void signalAll() {
      changed.signalAll();
    }
  }
}
