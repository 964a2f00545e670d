package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Does the same with many things, several at a time. */
public final class Parallel {
  private static final Duration UNTIL_SIGNALLED = Duration.ofDays(1);

  private final Tasks tasks;
  private final Locks locks;

  /** Makes one whose tasks start through these doors. */
  public Parallel(Tasks tasks, Locks locks) {
    this.tasks = tasks;
    this.locks = locks;
  }

  /** What is done with each. */
  @FunctionalInterface
  public interface Body<T> {
    /** Does it. */
    void accept(T item) throws InterruptedException;
  }

  /**
   * Does it with every item and returns when all are done. The first exception or error interrupts
   * the rest, and is thrown here.
   *
   * @param most tasks at a time, at least 1
   * @throws InterruptedException when interrupted; by then no task works any more, as when another
   *     exception is thrown
   */
  public <T> void forEach(Collection<T> items, int most, Body<T> body) throws InterruptedException {
    var run = new Run<>(items, locks.monitor(), body);
    var started = new ArrayList<Tasks.Task>();
    for (int i = 0; i < Math.min(most, items.size()); i++) {
      run.begin();
      started.add(tasks.start("parallel", run));
    }
    try {
      run.await();
    } catch (InterruptedException | RuntimeException | Error e) {
      run.cancel();
      started.forEach(Tasks.Task::interrupt);
      if (run.awaitAll()) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  private static final class Run<T> implements Runnable {
    private final Deque<T> left;
    private final Locks.Monitor monitor;
    private final Body<T> body;
    private int working;
    private @Nullable Throwable failure;

    Run(Collection<T> items, Locks.Monitor monitor, Body<T> body) {
      this.left = new ArrayDeque<>(items);
      this.monitor = monitor;
      this.body = body;
    }

    void begin() {
      locked(() -> working++);
    }

    void cancel() {
      locked(left::clear);
    }

    @Override
    public void run() {
      try {
        for (var item = next(); item != null; item = next()) {
          body.accept(item);
        }
      } catch (InterruptedException e) {
        cancel();
      } catch (RuntimeException | Error e) {
        locked(() -> {
          left.clear();
          failure = failure == null || Fatal.is(e) ? e : failure;
        });
      } finally {
        locked(() -> working--);
      }
    }

    private @Nullable T next() {
      monitor.lock();
      try {
        return left.poll();
      } finally {
        monitor.unlock();
      }
    }

    /** Waits until all is done, or until one has failed. */
    void await() throws InterruptedException {
      monitor.lock();
      try {
        while (working > 0 && failure == null) {
          monitor.await(UNTIL_SIGNALLED);
        }
        switch (failure) {
          case RuntimeException exception -> throw exception;
          case Error error -> throw error;
          case null, default -> {
            // Nothing else can be caught above.
          }
        }
      } finally {
        monitor.unlock();
      }
    }

    /** Nobody may go on while a task still does; returns whether somebody interrupted meanwhile. */
    boolean awaitAll() {
      boolean interrupted = false;
      monitor.lock();
      try {
        while (working > 0) {
          try {
            monitor.await(UNTIL_SIGNALLED);
          } catch (InterruptedException _) {
            interrupted = true;
          }
        }
        return interrupted;
      } finally {
        monitor.unlock();
      }
    }

    private void locked(Runnable change) {
      monitor.lock();
      try {
        change.run();
        monitor.signalAll();
      } finally {
        monitor.unlock();
      }
    }
  }
}
