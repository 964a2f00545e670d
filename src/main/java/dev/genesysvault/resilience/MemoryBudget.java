package dev.genesysvault.resilience;

import java.time.Duration;

/**
 * The memory that what comes from outside may take up at once, whoever sent it: bytes are admitted
 * before they are held, so that what does not fit is one caller's trouble. Process-wide.
 */
public final class MemoryBudget {
  /** Whoever holds some gives it back soon, or waits for more himself. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Time time;
  private final Locks.Monitor monitor;
  private final long all;
  private long free;

  /**
   * Makes one that nothing has been taken from.
   *
   * @param bytes to give out, positive
   */
  public MemoryBudget(long bytes, Time time, Locks locks) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes is %d; must be positive".formatted(bytes));
    }
    this.time = time;
    this.monitor = locks.monitor();
    this.all = bytes;
    this.free = bytes;
  }

  /** Opens an account that has nothing yet. */
  public Account open() {
    return new Account();
  }

  /** Returns how many bytes there are to give out in all. */
  public long all() {
    return all;
  }

  /** Returns how many bytes nobody holds now. */
  public long free() {
    monitor.lock();
    try {
      return free;
    } finally {
      monitor.unlock();
    }
  }

  /** What one caller holds. For one task at a time; closing it gives all back. */
  public final class Account implements AutoCloseable {
    private long held;

    private Account() {}

    /**
     * Has the account hold this many bytes, more or fewer than before; waits some seconds for them
     * at most.
     *
     * @return whether it does; if not, it holds what it held
     */
    public boolean hold(long bytes) throws InterruptedException {
      monitor.lock();
      try {
        long more = bytes - held;
        if (more > all) {
          return false;
        }
        var deadline = Deadline.in(PATIENCE, time);
        while (more > free) {
          if (deadline.over()) {
            return false;
          }
          monitor.await(deadline.left());
        }
        free -= more;
        held = bytes;
        if (more < 0) {
          monitor.signalAll();
        }
        return true;
      } finally {
        monitor.unlock();
      }
    }

    /** Gives all back. */
    @Override
    public void close() {
      if (held == 0) {
        return;
      }
      monitor.lock();
      try {
        free += held;
        held = 0;
        monitor.signalAll();
      } finally {
        monitor.unlock();
      }
    }
  }
}
