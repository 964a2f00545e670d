package dev.genesysvault.simulator;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the simulated usage queries count: each client's calls of the Platform API by second and
 * status.
 */
final class ApiUsage {
  /** Seconds that are kept for each client; older ones are forgotten. */
  private static final int MOST_SECONDS = 10_000;

  private final Map<String, TreeMap<Long, Calls>> byClient = new HashMap<>();

  /** Numbers of calls by how they were answered. */
  static final class Calls {
    private static final int KINDS = 6;
    private final long[] byKind = new long[KINDS];

    private void count(int status) {
      byKind[status / 100 % KINDS]++;
      if (status == 429) {
        byKind[1]++;
      }
    }

    private void add(Calls other) {
      Arrays.setAll(byKind, kind -> byKind[kind] + other.byKind[kind]);
    }

    /** Returns those whose status began with that digit, from 2 to 5. */
    long status(int digit) {
      return byKind[digit];
    }

    /** Returns those that were limited; they are among the 400s too. */
    long limited() {
      return byKind[1];
    }

    /** Returns all of them. */
    long requests() {
      return status(2) + status(3) + status(4) + status(5);
    }
  }

  void count(String clientId, Instant time, int status) {
    var seconds = byClient.computeIfAbsent(clientId, _ -> new TreeMap<>());
    seconds.computeIfAbsent(time.getEpochSecond(), _ -> new Calls()).count(status);
    if (seconds.size() > MOST_SECONDS) {
      seconds.pollFirstEntry();
    }
  }

  /** Returns the calls of each UTC day, counted since the epoch, from then and before then. */
  Map<Long, Calls> days(String clientId, Instant from, Instant to) {
    var days = new TreeMap<Long, Calls>();
    if (from.isBefore(to)) {
      byClient
          .getOrDefault(clientId, new TreeMap<>())
          .subMap(from.getEpochSecond(), to.getEpochSecond())
          .forEach((second, calls) ->
              days.computeIfAbsent(Math.floorDiv(second, 86_400L), _ -> new Calls()).add(calls));
    }
    return days;
  }

  void reset() {
    byClient.clear();
  }
}
