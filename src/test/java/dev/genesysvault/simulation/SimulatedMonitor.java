package dev.genesysvault.simulation;

import dev.genesysvault.resilience.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lock with one condition, whose every use is a door. */
final class SimulatedMonitor implements Locks.Monitor {
  private final Scheduler scheduler;
  private final List<SimulatedTask> entering = new ArrayList<>();
  private final List<SimulatedTask> awaiting = new ArrayList<>();
  private @Nullable SimulatedTask owner;
  private int depth;

  SimulatedMonitor(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void lock() {
    var me = scheduler.me();
    if (owner != me) {
      scheduler.traceQuietly("lock", "");
      scheduler.point();
      enter(me);
    }
    depth++;
  }

  private void enter(SimulatedTask me) {
    while (owner != null) {
      entering.add(me);
      try {
        scheduler.block("a monitor that " + owner + " holds", null, false);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted in an uninterruptible wait", e);
      } finally {
        entering.remove(me);
      }
    }
    owner = me;
  }

  private void leave() {
    owner = null;
    entering.forEach(scheduler::wake);
  }

  @Override
  public void unlock() {
    held();
    if (--depth == 0) {
      leave();
      scheduler.traceQuietly("unlock", "");
      scheduler.point();
    }
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    var me = held();
    int before = depth;
    depth = 0;
    scheduler.traceQuietly("await", atMost.toString());
    leave();
    awaiting.add(me);
    InterruptedException interruption = null;
    try {
      scheduler.block("a signal within " + atMost, atMost, true);
    } catch (InterruptedException e) {
      interruption = e;
    } finally {
      awaiting.remove(me);
    }
    enter(me);
    depth = before;
    if (interruption != null) {
      throw interruption;
    }
  }

  @Override
  public void signalAll() {
    held();
    scheduler.traceQuietly("signal", "");
    awaiting.forEach(scheduler::wake);
  }

  private SimulatedTask held() {
    var me = scheduler.me();
    if (owner != me) {
      throw new IllegalStateException(me + " does not hold the monitor; " + owner + " does");
    }
    return me;
  }
}
