package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.function.Supplier;

/** The door to mutual exclusion and to waiting for another task. */
public interface Locks {
  /** Returns a new, free monitor. */
  Monitor monitor();

  /** A lock with one condition. Re-entrant. */
  interface Monitor {
    /**
     * Waits until the monitor is this task's, interrupted or not: a monitor guards a few lines, and
     * who tidies up after an interruption needs it too.
     */
    void lock();

    /** Frees the monitor, which this task holds. */
    void unlock();

    /**
     * Frees the monitor, which this task holds, until another task signals or the time is over, and
     * takes it again. May wake without reason.
     *
     * @throws InterruptedException when interrupted meanwhile; the monitor is held again
     */
    void await(Duration atMost) throws InterruptedException;

    /**
     * As {@link #await(Duration)}, however long that takes; costs no alarm.
     *
     * @throws InterruptedException when interrupted meanwhile; the monitor is held again
     */
    default void await() throws InterruptedException {
      await(Duration.ofDays(1));
    }

    /** Wakes every task that awaits. The monitor is this task's. */
    void signalAll();

    /** Returns what is worked out while the monitor is this task's. */
    default <T> T get(Supplier<T> work) {
      lock();
      try {
        return work.get();
      } finally {
        unlock();
      }
    }

    /** Does something while the monitor is this task's. */
    default void run(Runnable work) {
      lock();
      try {
        work.run();
      } finally {
        unlock();
      }
    }
  }
}
