package dev.genesysvault.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * What came of callers each of whom calls again as soon as it is answered.
 *
 * @param nanos how long each call took
 * @param elapsedNanos from the first call's begin to the last one's end
 */
record PerformanceRound(List<Long> nanos, long elapsedNanos) {
  /** What is called. */
  @FunctionalInterface
  interface Call {
    /** Does it once; returns whether there was something to do. */
    boolean once() throws Exception;
  }

  /** Calls for as long as {@code length}, or until there is nothing left to do. */
  static PerformanceRound of(int callers, Duration length, Call call) throws Exception {
    long begun = System.nanoTime();
    long end = begun + length.toNanos();
    var all = new ArrayList<Callable<List<Long>>>();
    for (int i = 0; i < callers; i++) {
      all.add(() -> calls(end, call));
    }
    var nanos = new ArrayList<Long>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var caller : executor.invokeAll(all)) {
        nanos.addAll(caller.get());
      }
    }
    return new PerformanceRound(nanos, System.nanoTime() - begun);
  }

  private static List<Long> calls(long end, Call call) throws Exception {
    var nanos = new ArrayList<Long>();
    while (true) {
      long begun = System.nanoTime();
      if (begun - end >= 0 || !call.once()) {
        return nanos;
      }
      nanos.add(System.nanoTime() - begun);
    }
  }
}
