package dev.genesysvault.testing;

import dev.genesysvault.resilience.Locks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Monitors for a single task: nobody else could signal, so a wait moves the clock to its end. What
 * another task would do meanwhile is queued beforehand and done inside the wait.
 */
public final class SoloLocks implements Locks {
  private final FakeTime time;
  private final Deque<Meanwhile> meanwhile = new ArrayDeque<>();
  private final List<Duration> waits = new ArrayList<>();
  private Instant end = FakeTime.START.plus(Duration.ofDays(10_000));

  /** What another task does during a wait. */
  @FunctionalInterface
  public interface Meanwhile {
    /** Does it; the clock has not moved yet. */
    void run() throws InterruptedException;
  }

  /** Makes monitors that move this clock. */
  public SoloLocks(FakeTime time) {
    this.time = time;
  }

  /** Does something in the next wait, and lets no time pass in it. */
  public SoloLocks meanwhile(Meanwhile work) {
    meanwhile.add(work);
    return this;
  }

  /** Interrupts whoever waits once the clock has come this far. */
  public void interruptAt(Instant when) {
    end = when;
  }

  /** Returns every wait so far, in the order of their beginning. */
  public List<Duration> waits() {
    return List.copyOf(waits);
  }

  @Override
  public Monitor monitor() {
    return new Monitor() {
      @Override
      public void lock() {}

      @Override
      public void unlock() {}

      @Override
      public void await(Duration atMost) throws InterruptedException {
        waits.add(atMost);
        if (!time.now().isBefore(end)) {
          throw new InterruptedException();
        }
        var work = meanwhile.poll();
        if (work == null) {
          var left = Duration.between(time.now(), end);
          time.advance(atMost.compareTo(left) < 0 ? atMost : left);
        } else {
          work.run();
        }
      }

      @Override
      public void signalAll() {}
    };
  }
}
