package dev.genesysvault.page;

import dev.genesysvault.overview.MountOverview.Clients;
import dev.genesysvault.resilience.Locks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How many clients there were in which state, each minute of the last day; in memory alone. */
final class DayCurve {
  /** Samples that are kept: a day's. */
  static final int MOST = 1_440;

  private final int[][] samples = new int[MOST][];
  private final Locks.Monitor monitor;
  private int taken;
  private Instant last = Instant.EPOCH;

  DayCurve(Locks locks) {
    this.monitor = locks.monitor();
  }

  /**
   * What was sampled.
   *
   * @param last when the last sample was taken; of no meaning without one
   * @param values by state, as {@link Clients#STATES} are, of each the oldest first
   */
  record Shown(Instant last, List<List<Integer>> values) {}

  /** Takes a sample; the one of a day ago is forgotten. */
  void sample(Instant now, Map<String, Integer> states) {
    var sample = Clients.STATES.stream().mapToInt(state -> states.getOrDefault(state, 0)).toArray();
    monitor.run(() -> {
      samples[taken % MOST] = sample;
      // Goes round once it is full, so that it never overflows.
      taken = taken + 1 < 2 * MOST ? taken + 1 : MOST;
      last = now;
    });
  }

  Shown shown() {
    return monitor.get(() -> {
      var values = new ArrayList<List<Integer>>();
      for (int state = 0; state < Clients.STATES.size(); state++) {
        var line = new ArrayList<Integer>(Math.min(taken, MOST));
        for (int i = Math.max(0, taken - MOST); i < taken; i++) {
          line.add(samples[i % MOST][state]);
        }
        values.add(line);
      }
      return new Shown(last, values);
    });
  }
}
