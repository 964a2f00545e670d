package dev.genesysvault.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One process has another one do something, and waits. */
final class RemoteCall<T> {
  /** What is to be done. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it, in a task of the other process. */
    T run() throws InterruptedException;
  }

  /** What came of it. */
  sealed interface Outcome<T> {
    /** It was done. */
    record Returned<T>(T value) implements Outcome<T> {}

    /** The other process died. */
    record Broken<T>() implements Outcome<T> {}

    /** It took too long, and was told to stop. */
    record TimedOut<T>() implements Outcome<T> {}
  }

  private final Scheduler scheduler;
  private final SimulatedProcess callee;
  private final Runnable calleeDied = this::wake;
  private @Nullable SimulatedTask waiter;
  private @Nullable T value;
  private boolean over;

  private RemoteCall(Scheduler scheduler, SimulatedProcess callee) {
    this.scheduler = scheduler;
    this.callee = callee;
  }

  /**
   * Has work done by another process. Whoever is interrupted, or dies, meanwhile has it
   * interrupted.
   *
   * @param atMost how long to wait; null for as long as it takes
   */
  static <T> Outcome<T> call(
      Scheduler scheduler,
      SimulatedProcess callee,
      String name,
      @Nullable Duration atMost,
      Work<T> work)
      throws InterruptedException {
    return new RemoteCall<T>(scheduler, callee).run(name, atMost, work);
  }

  private Outcome<T> run(String name, @Nullable Duration atMost, Work<T> work)
      throws InterruptedException {
    if (callee.dead()) {
      return new Outcome.Broken<>();
    }
    waiter = scheduler.me();
    callee.whenDead(calleeDied);
    var task = callee.start(name, () -> carryOut(work));
    long begun = scheduler.nanos();
    try {
      while (!over && !callee.dead()) {
        var left = atMost == null ? null : atMost.minusNanos(scheduler.nanos() - begun);
        if (left != null && !left.isPositive()) {
          return new Outcome.TimedOut<>();
        }
        scheduler.block("the answer to " + name, left, true);
      }
    } finally {
      waiter = null;
      if (!over) {
        task.interrupt();
      }
      callee.forget(calleeDied);
    }
    return over && value != null ? new Outcome.Returned<>(value) : new Outcome.Broken<>();
  }

  private void carryOut(Work<T> work) {
    try {
      value = work.run();
    } catch (InterruptedException _) {
      // Its caller has gone away, and knows.
    } finally {
      over = true;
      wake();
    }
  }

  private void wake() {
    if (waiter != null) {
      scheduler.wake(waiter);
    }
  }
}
