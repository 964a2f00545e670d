package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What happened in a schedule: a hash over all of it, and the last events for people. Two runs of a
 * seed are the same when their hashes are.
 */
final class Trace {
  private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

  private final int kept;
  private final Deque<Line> last = new ArrayDeque<>();
  private long hash = PRIME;
  private long events;

  /**
   * Makes one of nothing.
   *
   * @param kept how many events to keep for people; at least one
   */
  Trace(int kept) {
    this.kept = kept;
  }

  private record Line(long number, long nanos, String who, String door, String what) {}

  /** Adds an event; one that is {@code quiet} is of no interest to people. */
  void add(long nanos, int task, Object who, String door, String what, boolean quiet) {
    events++;
    mix(nanos);
    mix(task);
    mix(door.hashCode());
    mix(what.hashCode());
    if (!quiet) {
      if (last.size() == kept) {
        last.removeFirst();
      }
      last.addLast(new Line(events, nanos, String.valueOf(who), door, what));
    }
  }

  /** Adds a number that must be the same in every run. */
  void mix(long value) {
    long mixed = (hash ^ value) * PRIME;
    hash = mixed ^ mixed >>> 29;
  }

  long hash() {
    return hash;
  }

  long events() {
    return events;
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    for (var line : last) {
      lines.add(
          "%6d  +%s  %-28s %-9s %s"
              .formatted(
                  line.number,
                  clock(Duration.ofNanos(line.nanos)),
                  line.who,
                  line.door,
                  line.what));
    }
    return lines;
  }

  private static String clock(Duration elapsed) {
    return "%02d:%02d:%02d.%03d"
        .formatted(
            elapsed.toHours(),
            elapsed.toMinutesPart(),
            elapsed.toSecondsPart(),
            elapsed.toMillisPart());
  }
}
