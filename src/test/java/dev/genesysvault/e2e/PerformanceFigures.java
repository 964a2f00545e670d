package dev.genesysvault.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What several rounds of the same requests came to. */
final class PerformanceFigures {
  private final List<PerformanceRound> rounds = new ArrayList<>();
  private PerformanceCost cost = PerformanceCost.NONE;

  /** Adds a round of calls. */
  void measure(PerformanceStack stack, int callers, Duration length, PerformanceRound.Call call)
      throws Exception {
    cost = cost.plus(stack.costOf(() -> rounds.add(PerformanceRound.of(callers, length, call))));
  }

  /** Adds a round of revokes; what is done behind their answers is part of what they cost. */
  void measureRevokes(PerformanceStack stack, int callers, Duration length) throws Exception {
    cost =
        cost.plus(
            stack.costOf(() -> {
              rounds.add(PerformanceRound.of(callers, length, stack::revoke));
              stack.settle();
            }));
  }

  /** Adds a round that is over. */
  void add(PerformanceRound round, PerformanceCost roundsCost) {
    rounds.add(round);
    cost = cost.plus(roundsCost);
  }

  void addAll(PerformanceFigures others) {
    rounds.addAll(others.rounds);
    cost = cost.plus(others.cost);
  }

  /** Returns how many requests were answered. */
  int count() {
    return rounds.stream().mapToInt(round -> round.nanos().size()).sum();
  }

  /**
   * Returns what a share of the requests did not take longer than, in milliseconds.
   *
   * @param share 0.5 for the median
   */
  double milliseconds(double share) {
    var sorted = rounds.stream().flatMap(round -> round.nanos().stream()).sorted().toList();
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int place = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, place)) / 1e6;
  }

  /** Returns how many requests were answered in a second. */
  double perSecond() {
    return count() * 1e9 / rounds.stream().mapToLong(PerformanceRound::elapsedNanos).sum();
  }

  /** Returns what a request cost in the mean. */
  PerformanceCost costOfOne() {
    return cost.dividedBy(Math.max(1, count()));
  }
}
