package dev.genesysvault.queue;

import dev.genesysvault.resilience.PutBack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Clients by what is due: those whose time has not come by that time, those whose time has come by
 * their step, oldest first. An item is displaced before anything changes on which its place
 * depends.
 */
final class DueQueue {
  /** After this long, a wall clock that jumped is noticed. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final NavigableSet<ClientQueueItem> waiting =
      new TreeSet<>(
          Comparator.comparing((ClientQueueItem item) -> item.due)
              .thenComparing(ClientQueueItem.OLDEST_FIRST));
  private final Map<Step, NavigableSet<ClientQueueItem>> ready = new EnumMap<>(Step.class);
  private final Pauses pauses;
  private final PutBack putBack = new PutBack();

  /** Looks for many clients that are over. */
  private final Deque<Work.Found> found = new ArrayDeque<>();

  /**
   * Makes an empty one.
   *
   * @param pauses during which some of its steps are not taken
   */
  DueQueue(Pauses pauses) {
    this.pauses = pauses;
    for (var step : Step.values()) {
      ready.put(step, new TreeSet<>(ClientQueueItem.OLDEST_FIRST));
    }
  }

  void place(ClientQueueItem item) {
    waiting.add(item);
  }

  void place(Work.Found search) {
    found.add(search);
  }

  void displace(ClientQueueItem item) {
    waiting.remove(item);
    ready(item.step).remove(item);
  }

  void clear() {
    waiting.clear();
    found.clear();
    ready.values().forEach(NavigableSet::clear);
  }

  /**
   * Takes what is to be done now: what looks came to, then an earlier step first, and oldest first
   * inside each.
   */
  Optional<Work> take(Instant now) {
    if (!found.isEmpty()) {
      return Optional.of(found.remove());
    }
    sort(now);
    for (var step : Step.values()) {
      var due = ready(step);
      if (!due.isEmpty() && !pauses.hold(step)) {
        return Optional.of(step == Step.SEARCH ? search(due) : one(step, due.removeFirst()));
      }
    }
    return Optional.empty();
  }

  private static Work one(Step step, ClientQueueItem item) {
    return new Work.One(item.key, step);
  }

  /** One list of Genesys serves all who search. */
  private static Work search(NavigableSet<ClientQueueItem> due) {
    var keys = due.stream().map(item -> item.key).toList();
    due.clear();
    return new Work.Search(keys);
  }

  boolean anyDue(Step step, Instant now) {
    sort(now);
    return !ready(step).isEmpty();
  }

  /** Returns how long to wait until there may be something to take. */
  Duration untilNext(Instant now) {
    sort(now);
    var first = waiting.isEmpty() ? Instant.MAX : waiting.first().due;
    for (var held : ready.entrySet()) {
      var end = pauses.end(held.getKey());
      if (!held.getValue().isEmpty() && end.isBefore(first)) {
        first = end;
      }
    }
    return first.isAfter(now.plus(LONGEST_SLEEP)) ? LONGEST_SLEEP : Duration.between(now, first);
  }

  /** Where the clock is put back, what failed before may wait far too long. */
  private void noticePutBack(Instant now) {
    if (putBack.noticed(now)) {
      var again = waiting.stream().filter(ClientQueueItem::triedBefore).toList();
      again.forEach(waiting::remove);
      again.forEach(item -> item.due = now);
      waiting.addAll(again);
    }
  }

  private void sort(Instant now) {
    noticePutBack(now);
    while (!waiting.isEmpty() && !waiting.first().due.isAfter(now)) {
      var item = waiting.removeFirst();
      ready(item.step).add(item);
    }
  }

  private NavigableSet<ClientQueueItem> ready(Step step) {
    return Objects.requireNonNull(ready.get(step));
  }
}
