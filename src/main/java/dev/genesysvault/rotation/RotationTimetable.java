package dev.genesysvault.rotation;

import dev.genesysvault.queue.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which static role is stepped, and which is watched next: emergencies first, which no pause holds
 * up, then whoever has waited longest. Its {@link RotationQueue} sees to it that one task uses it
 * at a time.
 */
final class RotationTimetable {
  /** After this long, a wall clock that jumped is noticed. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final NavigableSet<RotationItem> waiting = by(item -> item.due);
  private final NavigableSet<RotationItem> urgent = by(item -> item.due);
  private final NavigableSet<RotationItem> watched = by(item -> item.watch);

  private static NavigableSet<RotationItem> by(Function<RotationItem, Instant> time) {
    return new TreeSet<>(Comparator.comparing(time).thenComparing(item -> item.name));
  }

  void clear() {
    waiting.clear();
    urgent.clear();
    watched.clear();
  }

  void remove(RotationItem item) {
    waiting.remove(item);
    urgent.remove(item);
    watched.remove(item);
  }

  /** Has a role stepped at a time, and at no other. */
  void place(RotationItem item, Instant due) {
    waiting.remove(item);
    urgent.remove(item);
    item.due = due;
    (item.summary.emergency() ? urgent : waiting).add(item);
  }

  /** Takes note of what was written of a role, which may have become an emergency. */
  void summarize(RotationItem item, RoleSummary summary) {
    boolean placed = waiting.remove(item) || urgent.remove(item);
    item.summary = summary;
    if (placed) {
      place(item, item.due);
    }
  }

  /** Has a role watched at a time, and at no other. */
  void watch(RotationItem item, Instant at) {
    watched.remove(item);
    item.watch = at;
    watched.add(item);
  }

  /**
   * Takes the role that is to be stepped; empty where none is due.
   *
   * @param emergencies whether to take nothing else
   * @param steps whether roles are stepped at all
   * @param pause during which emergencies alone are stepped
   */
  Optional<RotationItem> takeDue(Instant now, boolean emergencies, boolean steps, Pause pause) {
    if (!steps) {
      return Optional.empty();
    }
    var emergency = due(urgent, now);
    return emergency.isPresent() || emergencies || pause.lasts() ? emergency : due(waiting, now);
  }

  private static Optional<RotationItem> due(NavigableSet<RotationItem> items, Instant now) {
    return items.isEmpty() || items.first().due.isAfter(now)
        ? Optional.empty()
        : Optional.of(items.removeFirst());
  }

  /** Returns how many roles go before one. */
  int before(RotationItem item) {
    return urgent.contains(item)
        ? urgent.headSet(item).size()
        : urgent.size() + (waiting.contains(item) ? waiting.headSet(item).size() : 0);
  }

  /** Takes the role that is to be watched; empty where none is. */
  Optional<RotationItem> takeWatched(Instant now) {
    if (watched.isEmpty() || watched.first().watch.isAfter(now)) {
      return Optional.empty();
    }
    var item = watched.first();
    watch(item, Instant.MAX);
    return Optional.of(item);
  }

  /**
   * Returns how long nothing is to be done, never zero.
   *
   * @param emergencies whether for emergencies alone
   * @param steps whether roles are stepped at all
   * @param pause during which they are not
   */
  Duration untilNext(Instant now, boolean emergencies, boolean steps, Pause pause) {
    var first = now.plus(LONGEST_SLEEP);
    if (steps && !urgent.isEmpty()) {
      first = earlier(first, urgent.first().due);
    }
    if (steps && !emergencies && !waiting.isEmpty()) {
      var due = waiting.first().due;
      first = earlier(first, pause.lasts() && pause.end().isAfter(due) ? pause.end() : due);
    }
    if (!emergencies && !watched.isEmpty()) {
      first = earlier(first, watched.first().watch);
    }
    return first.isAfter(now) ? Duration.between(now, first) : Duration.ofNanos(1);
  }

  private static Instant earlier(Instant one, Instant other) {
    return other.isBefore(one) ? other : one;
  }
}
