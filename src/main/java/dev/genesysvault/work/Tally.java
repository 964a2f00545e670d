package dev.genesysvault.work;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** How often each value of an enum was met. Belongs to one task. */
public final class Tally<E extends Enum<E>> {
  private final Map<E, Count> counts;

  /** Makes one that has met none. */
  public Tally(Class<E> values) {
    this.counts = new EnumMap<>(values);
  }

  private static final class Count {
    private int met;
  }

  /** Takes note of one. */
  public void met(E value) {
    counts.computeIfAbsent(value, _ -> new Count()).met++;
  }

  /** Returns how often each was met that was. */
  public Map<E, Integer> counts() {
    var found = new HashMap<E, Integer>();
    counts.forEach((value, count) -> found.put(value, count.met));
    return found;
  }
}
