package dev.genesysvault.resilience;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * One lock for each key that anybody holds or wants: held by one task alone, or shared by any
 * number. Not re-entrant. Who asks first gets it first, so that a stream of those who share it
 * keeps nobody waiting who wants it alone, nor the other way round.
 */
public final class KeyedLocks<K> {
  private final Locks.Monitor monitor;
  private final Map<K, Holds> byKey = new HashMap<>();

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

  /** Who holds a key's lock, and who waits for it, in the order in which they asked. */
  private static final class Holds {
    private final Deque<Object> waiting = new ArrayDeque<>();
    private int shared;
    private boolean alone;

    boolean free(boolean forOneAlone) {
      return !alone && (shared == 0 || !forOneAlone);
    }

    void take(boolean forOneAlone) {
      if (forOneAlone) {
        alone = true;
      } else {
        shared++;
      }
    }

    boolean forgotten() {
      return waiting.isEmpty() && shared == 0 && !alone;
    }
  }

  /** Waits until the key's lock is this task's alone. */
  public Held lock(K key) throws InterruptedException {
    return take(key, true);
  }

  /** Waits until no task holds the key's lock alone; others may share it meanwhile. */
  public Held share(K key) throws InterruptedException {
    return take(key, false);
  }

  private Held take(K key, boolean alone) throws InterruptedException {
    monitor.lock();
    var holds = byKey.computeIfAbsent(key, _ -> new Holds());
    try {
      if (!holds.waiting.isEmpty() || !holds.free(alone)) {
        await(holds, alone);
      }
      holds.take(alone);
      return () -> free(key, holds, alone);
    } finally {
      changed(key, holds);
      monitor.unlock();
    }
  }

  private void await(Holds holds, boolean alone) throws InterruptedException {
    var me = new Object();
    holds.waiting.addLast(me);
    try {
      while (!me.equals(holds.waiting.peekFirst()) || !holds.free(alone)) {
        monitor.await();
      }
    } finally {
      holds.waiting.remove(me);
    }
  }

  private void free(K key, Holds holds, boolean alone) {
    monitor.lock();
    try {
      if (alone) {
        holds.alone = false;
      } else {
        holds.shared--;
      }
      changed(key, holds);
    } finally {
      monitor.unlock();
    }
  }

  /** Wakes all who wait, at the one monitor of all keys, where one of this key may go on. */
  private void changed(K key, Holds holds) {
    if (!holds.waiting.isEmpty()) {
      monitor.signalAll();
    } else if (holds.forgotten()) {
      byKey.remove(key, holds);
    }
  }
}
