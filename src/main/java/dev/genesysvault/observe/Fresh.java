package dev.genesysvault.observe;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is worked out for one who asks, and serves whoever asks within a while: asking costs next to
 * nothing however often it is done.
 *
 * @param <T> what that is
 */
public final class Fresh<T> {
  private final Supplier<T> work;
  private final Duration kept;
  private final Time time;
  private final Locks.Monitor monitor;
  private @Nullable T last;
  private long since;

  /** Makes one that has worked out nothing yet. */
  public Fresh(Supplier<T> work, Duration kept, Time time, Locks locks) {
    this.work = work;
    this.kept = kept;
    this.time = time;
    this.monitor = locks.monitor();
  }

  /** Returns what is so now, or was a moment ago. */
  public T get() {
    return monitor.get(() -> {
      var known = last;
      if (known == null || time.nanos() - since >= kept.toNanos()) {
        known = work.get();
        last = known;
        since = time.nanos();
      }
      return known;
    });
  }
}
