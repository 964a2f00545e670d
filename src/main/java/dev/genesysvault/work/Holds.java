package dev.genesysvault.work;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What held work up lately, and for how long: what was met last says little of what cost the time.
 * In memory, and of the longest alone.
 */
public final class Holds {
  private static final int MOST = 20;

  /** A try that works in between does not end an outage. */
  private static final Duration GAP = Duration.ofMinutes(2);

  private final List<Span> spans = new ArrayList<>();
  private @Nullable Span present;

  /**
   * A time in which something held work up.
   *
   * @param why one sentence
   */
  public record Hold(Duration length, String why) {}

  private record Span(Instant begun, Instant end, String why) {
    Duration within(Instant from, Instant to) {
      var begin = begun.isAfter(from) ? begun : from;
      var last = end.isBefore(to) ? end : to;
      return begin.isBefore(last) ? Duration.between(begin, last) : Duration.ZERO;
    }

    Span until(Instant now) {
      return now.isAfter(end) ? new Span(begun, now, why) : this;
    }
  }

  /** Takes note that something holds work up now: what did before, where it is the same. */
  public synchronized void met(String why, Instant now) {
    over(now);
    int last = spans.size() - 1;
    var before = last < 0 ? null : spans.get(last);
    if (before != null && before.why.equals(why) && !before.end.plus(GAP).isBefore(now)) {
      spans.remove(last);
      present = before.until(now);
    } else {
      present = new Span(now, now, why);
    }
  }

  /** Takes note that nothing holds work up any more. */
  public synchronized void over(Instant now) {
    var ended = present;
    if (ended == null) {
      return;
    }
    present = null;
    spans.add(ended.until(now));
    if (spans.size() > MOST) {
      // The latest may go on.
      spans.subList(0, MOST).stream()
          .min(Comparator.comparing(span -> Duration.between(span.begun, span.end)))
          .ifPresent(spans::remove);
    }
  }

  /** Returns what held work up for longest between two times; empty for nothing that is known. */
  public synchronized Optional<Hold> longest(Instant from, Instant to) {
    var all = new ArrayList<>(spans);
    if (present != null) {
      all.add(present.until(to));
    }
    return all.stream()
        .map(span -> new Hold(span.within(from, to), span.why))
        .filter(hold -> hold.length().isPositive())
        .max(Comparator.comparing(Hold::length));
  }

  /** Returns the longer one of two. */
  public static Optional<Hold> longer(Optional<Hold> one, Optional<Hold> other) {
    return one.isEmpty()
            || other.isPresent() && other.get().length().compareTo(one.get().length()) > 0
        ? other
        : one;
  }
}
