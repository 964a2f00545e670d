package dev.genesysvault.network;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does something after a while, unless it is closed before. Belongs to one task. */
final class Cutoff implements AutoCloseable {
  private final Runnable action;
  private @Nullable Future<?> next;

  /**
   * Makes one.
   *
   * @param action does not wait
   */
  Cutoff(Runnable action) {
    this.action = action;
  }

  /** Does it after that while, and no longer when it was said before. */
  void after(Duration wait) {
    close();
    next = ForkJoinPool.commonPool().schedule(action, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    if (next != null) {
      next.cancel(false);
    }
  }
}
