package dev.genesysvault.resilience;

import java.time.Duration;

/**
 * One who waits for a turn in a {@link RateBudget}. The budget's monitor guards what it has got,
 * its own one the sleep, so that each turn wakes one task.
 */
final class Ticket {
  /** Whether its turn has come. */
  boolean granted;

  private final Locks.Monitor monitor;
  private boolean woken;

  Ticket(Locks.Monitor monitor) {
    this.monitor = monitor;
  }

  void wake() {
    monitor.lock();
    try {
      woken = true;
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  /** Waits until somebody wakes it, who may have done so already. */
  void sleep(Duration atMost) throws InterruptedException {
    monitor.lock();
    try {
      if (!woken) {
        monitor.await(atMost);
      }
      woken = false;
    } finally {
      monitor.unlock();
    }
  }
}
