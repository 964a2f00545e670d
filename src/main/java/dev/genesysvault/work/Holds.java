package dev.genesysvault.work;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What held work up lately, and for how long: what was met last says little of what cost the time.
 * In memory, and of the longest alone. One task at a time takes notes, as whoever guards the work
 * sees to; anybody may look.
 */
public final class Holds {
  private static final int MOST = 20;

  /** A try that works in between does not end an outage. */
  private static final Duration GAP = Duration.ofMinutes(2);

  /** Replaced as a whole. */
  private volatile Known known = new Known(List.of(), null);

  /** What is over, and what lasts. */
  private record Known(List<Span> past, @Nullable Span present) {}

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
  public void met(String why, Instant now) {
    over(now);
    var past = known.past;
    var before = past.isEmpty() ? null : past.getLast();
    if (before != null && before.why.equals(why) && !before.end.plus(GAP).isBefore(now)) {
      known = new Known(past.subList(0, past.size() - 1), before.until(now));
    } else {
      known = new Known(past, new Span(now, now, why));
    }
  }

  /** Takes note that nothing holds work up any more. */
  public void over(Instant now) {
    var ended = known.present;
    if (ended == null) {
      return;
    }
    var past = new ArrayList<>(known.past);
    past.add(ended.until(now));
    if (past.size() > MOST) {
      // The latest may go on.
      past.subList(0, MOST).stream()
          .min(Comparator.comparing(span -> Duration.between(span.begun, span.end)))
          .ifPresent(past::remove);
    }
    known = new Known(List.copyOf(past), null);
  }

  /** Returns what held work up for longest between two times; empty for nothing that is known. */
  public Optional<Hold> longest(Instant from, Instant to) {
    var now = known;
    var all = new ArrayList<>(now.past);
    if (now.present != null) {
      all.add(now.present.until(to));
    }
    return all.stream()
        .map(span -> new Hold(span.within(from, to), span.why))
        .filter(hold -> hold.length().isPositive())
        .max(Comparator.comparing(Hold::length));
  }

  /** Returns the longer one of two. */
  public static Optional<Hold> longer(Optional<Hold> one, Optional<Hold> other) {
    return Stream.of(one, other).flatMap(Optional::stream).max(Comparator.comparing(Hold::length));
  }
}
