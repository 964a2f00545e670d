package dev.genesysvault.resilience;

import java.time.Duration;

/** A limit of tasks: lets few at a time do what needs much memory; the others wait. */
public final class Turns {
  private static final Duration UNTIL_SIGNALLED = Duration.ofDays(1);

  private final Locks.Monitor monitor;
  private int free;

  /** Makes as many turns as may be had at once, at least 1. */
  public Turns(int most, Locks locks) {
    this.monitor = locks.monitor();
    this.free = most;
  }

  /** What somebody has who waited. */
  @FunctionalInterface
  public interface Turn extends AutoCloseable {
    /** Lets the next one in. */
    @Override
    void close();
  }

  /** Waits for a turn. Who has one asks for no other. */
  public Turn take() throws InterruptedException {
    monitor.lock();
    try {
      while (free == 0) {
        monitor.await(UNTIL_SIGNALLED);
      }
      free--;
      return this::giveBack;
    } finally {
      monitor.unlock();
    }
  }

  private void giveBack() {
    monitor.lock();
    try {
      free++;
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }
}
