package dev.genesysvault.resilience;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets one task do what many want at the same time. Who comes while a flight is under way waits for
 * its result; a flight that ends without one (it threw, or was interrupted) leaves the work to the
 * next who waits.
 */
public final class SingleFlight<K, V> {
  /** The work of one flight. */
  @FunctionalInterface
  public interface Work<V> {
    /** Does the work, in the task that came first. */
    V run() throws InterruptedException;
  }

  private final Locks.Monitor monitor;
  private final Map<K, Flight<V>> flights = new HashMap<>();

  /** Makes one with no flight under way. */
  public SingleFlight(Locks locks) {
    this.monitor = locks.monitor();
  }

  private static final class Flight<V> {
    private boolean landed;
    private @Nullable V value;
  }

  /**
   * Returns the result of the flight under way for {@code key}, or does the work.
   *
   * @return empty when the deadline came before another task's flight ended
   */
  public Optional<V> join(K key, Deadline deadline, Work<V> work) throws InterruptedException {
    while (true) {
      Flight<V> own = null;
      monitor.lock();
      try {
        var other = flights.get(key);
        if (other == null) {
          own = new Flight<>();
          flights.put(key, own);
        } else {
          while (!other.landed && !deadline.over()) {
            monitor.await(deadline.left());
          }
          if (!other.landed) {
            return Optional.empty();
          }
          var value = other.value;
          if (value != null) {
            return Optional.of(value);
          }
        }
      } finally {
        monitor.unlock();
      }
      if (own != null) {
        return Optional.of(fly(key, own, work));
      }
    }
  }

  private V fly(K key, Flight<V> flight, Work<V> work) throws InterruptedException {
    V value = null;
    try {
      value = work.run();
      return value;
    } finally {
      land(key, flight, value);
    }
  }

  private void land(K key, Flight<V> flight, @Nullable V value) {
    monitor.lock();
    try {
      flight.landed = true;
      flight.value = value;
      flights.remove(key);
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }
}
