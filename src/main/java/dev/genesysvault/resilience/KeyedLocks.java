package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** One lock for each key that anybody holds or wants. Not re-entrant. */
public final class KeyedLocks<K> {
  private static final Duration UNTIL_SIGNALLED = Duration.ofDays(1);

  private final Locks.Monitor monitor;
  private final Set<K> held = new HashSet<>();

  /** Makes a set of free locks. */
  public KeyedLocks(Locks locks) {
    this.monitor = locks.monitor();
  }

  /** A lock that is held; closing frees it. */
  @FunctionalInterface
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits until the key's lock is this task's. */
  public Held lock(K key) throws InterruptedException {
    monitor.lock();
    try {
      while (!held.add(key)) {
        monitor.await(UNTIL_SIGNALLED);
      }
      return () -> free(key);
    } finally {
      monitor.unlock();
    }
  }

  private void free(K key) {
    monitor.lock();
    try {
      held.remove(key);
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }
}
