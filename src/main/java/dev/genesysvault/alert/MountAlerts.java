package dev.genesysvault.alert;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known in memory of the receivers of one mount's alarms: how each does, and whether the
 * background session has to look at once.
 */
public final class MountAlerts {
  private final Time time;
  private final Locks.Monitor monitor;
  private final Map<String, ReceiverStatus> status = new HashMap<>();
  private boolean stale = true;
  private boolean woken;

  /** Makes one that knows nothing. */
  public MountAlerts(Time time, Locks locks) {
    this.time = time;
    this.monitor = locks.monitor();
  }

  /**
   * How a receiver does.
   *
   * @param waiting how many causes it does not know all of
   * @param oldest since when the first of them waits; empty for none
   * @param lastDelivery when it last confirmed something; empty for not since the session began
   * @param lastError what failed last, and has not succeeded since; empty for nothing
   * @param nextTry when it is tried next; empty where nothing failed
   */
  public record ReceiverStatus(
      int waiting,
      Optional<Instant> oldest,
      Optional<Instant> lastDelivery,
      String lastError,
      Optional<Instant> nextTry) {}

  /** Takes note that receivers were written or removed: they are read at once. */
  public void changed() {
    monitor.run(() -> {
      stale = true;
      woken = true;
      monitor.signalAll();
    });
  }

  /** Returns how a receiver does; empty while nobody knows. */
  public Optional<ReceiverStatus> of(String receiver) {
    return monitor.get(() -> Optional.ofNullable(status.get(receiver)));
  }

  /** Returns how all receivers do, by name; none while no session is open. */
  public Map<String, ReceiverStatus> all() {
    return monitor.get(() -> Map.copyOf(status));
  }

  void is(String receiver, ReceiverStatus now) {
    monitor.run(() -> status.put(receiver, now));
  }

  void forget() {
    monitor.run(status::clear);
  }

  /** Has receivers read anew by the next round. */
  void doubt() {
    monitor.run(() -> stale = true);
  }

  /** Whether receivers have to be read; they count as read from now on. */
  boolean takeStale() {
    return monitor.get(() -> {
      boolean was = stale;
      stale = false;
      return was;
    });
  }

  /** Waits, no longer than until somebody signals. */
  void await(Duration most) throws InterruptedException {
    var deadline = Deadline.in(most, time);
    monitor.lock();
    try {
      while (!woken && !deadline.over()) {
        monitor.await(deadline.left());
      }
      woken = false;
    } finally {
      monitor.unlock();
    }
  }
}
