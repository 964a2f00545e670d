package dev.genesysvault.work;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Work by what is due, in memory, for the tasks of one mount's background session: for each
 * priority what waits for its time, and what has waited long enough, an earlier priority first.
 * Looking for work costs what is due, not what waits. It has one monitor, which guards its items
 * and whatever else its owner keeps beside them: {@link #get} and {@link #change} run under it, and
 * what says that it is for such a change alone is called there.
 *
 * @param <P> the priorities, in the order in which work is done
 * @param <I> what waits
 */
public final class WorkQueue<P extends Enum<P>, I extends WorkItem<P>> {
  /** After this long, a wall clock that jumped is noticed. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final Time time;
  private final Locks.Monitor monitor;
  private final Map<P, Level<I>> levels;
  private final Holds<P> holds;
  private final Consumer<Instant> onPutBack;
  private final PutBack putBack = new PutBack();
  private boolean open;

  /** What holds work up. */
  @FunctionalInterface
  public interface Holds<P> {
    /**
     * Returns until when nothing of a priority is taken. Where something is, that is long past, and
     * not the present, which a moving clock shows later than to whoever looked before.
     */
    Instant until(P priority);
  }

  /** What is due, and what will be. */
  private static final class Level<I extends WorkItem<?>> {
    private final NavigableSet<I> waiting;
    private final NavigableSet<I> ready;

    Level(Comparator<? super I> order) {
      this.waiting =
          new TreeSet<>(Comparator.<I, Instant>comparing(WorkItem::due).thenComparing(order));
      this.ready = new TreeSet<>(order);
    }

    void sort(Instant now) {
      while (!waiting.isEmpty() && !waiting.first().due().isAfter(now)) {
        ready.add(waiting.removeFirst());
      }
    }

    void clear() {
      waiting.forEach(WorkItem::displaced);
      ready.forEach(WorkItem::displaced);
      waiting.clear();
      ready.clear();
    }

    void remove(I item) {
      if (!waiting.remove(item)) {
        ready.remove(item);
      }
    }
  }

  /**
   * Makes a closed one.
   *
   * @param order of what is due and has the same priority; total, by what never changes or is
   *     changed by {@link #place} alone
   * @param onPutBack what to do under the monitor when the wall clock was put back, since what
   *     waits may lie too far ahead
   */
  public WorkQueue(
      Class<P> priorities,
      Comparator<? super I> order,
      Holds<P> holds,
      Consumer<Instant> onPutBack,
      Time time,
      Locks locks) {
    this.levels = new EnumMap<>(priorities);
    for (var priority : priorities.getEnumConstants()) {
      this.levels.put(priority, new Level<>(order));
    }
    this.holds = holds;
    this.onPutBack = onPutBack;
    this.time = time;
    this.monitor = locks.monitor();
  }

  /**
   * Opens or closes it, with nothing in it either way; who waits in {@link #take} learns of it.
   *
   * @param forget what else is forgotten with what was in it
   */
  public void turn(boolean toOpen, Runnable forget) {
    change(() -> {
      levels.values().forEach(Level::clear);
      forget.run();
      open = toOpen;
    });
  }

  /** Whether a session is open; for a change alone. */
  public boolean isOpen() {
    return open;
  }

  /** Returns what is worked out while nobody changes anything. */
  public <T> T get(Supplier<T> look) {
    return monitor.get(look);
  }

  /** Changes something, and wakes whoever waits. */
  public void change(Runnable change) {
    monitor.run(() -> {
      change.run();
      monitor.signalAll();
    });
  }

  /** Has something wait with one priority; for a change alone. */
  public void place(I item, P priority, Instant due) {
    displace(item);
    item.placed(priority, due);
    level(priority).waiting.add(item);
  }

  /** Has something wait no more; for a change alone. */
  public void displace(I item) {
    var priority = item.priority();
    if (priority != null) {
      level(priority).remove(item);
      item.displaced();
    }
  }

  /**
   * Waits until something is due, and takes it; empty once it is closed.
   *
   * @param from to take nothing else, in their order
   * @param taken what it comes to, worked out before anybody else looks
   */
  public <W> Optional<W> take(Set<P> from, Function<? super I, W> taken)
      throws InterruptedException {
    monitor.lock();
    try {
      while (open) {
        var now = sorted();
        for (var priority : from) {
          var ready = level(priority).ready;
          if (!ready.isEmpty() && !holds.until(priority).isAfter(now)) {
            var item = ready.first();
            displace(item);
            return Optional.of(taken.apply(item));
          }
        }
        monitor.await(untilNext(from, now));
      }
      return Optional.empty();
    } finally {
      monitor.unlock();
    }
  }

  private Duration untilNext(Set<P> from, Instant now) {
    var first = now.plus(LONGEST_SLEEP);
    for (var priority : from) {
      var waiting = level(priority).waiting;
      if (!waiting.isEmpty()) {
        first = earlier(first, waiting.first().due());
      }
      if (!level(priority).ready.isEmpty()) {
        first = earlier(first, holds.until(priority));
      }
    }
    return first.isAfter(now) ? Duration.between(now, first) : Duration.ofNanos(1);
  }

  private static Instant earlier(Instant one, Instant other) {
    return other.isBefore(one) ? other : one;
  }

  /** Waits until it is open. */
  public void awaitOpen() throws InterruptedException {
    monitor.lock();
    try {
      while (!open) {
        monitor.await(LONGEST_SLEEP);
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Waits until it is so, which is asked under the monitor, or time is up. */
  public void await(BooleanSupplier question, Deadline deadline) throws InterruptedException {
    monitor.lock();
    try {
      while (!question.getAsBoolean() && !deadline.over()) {
        monitor.await(deadline.left());
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Takes all that is due of a priority, in its order; for a change alone. */
  public List<I> takeReady(P priority) {
    var _ = sorted();
    var all = List.copyOf(level(priority).ready);
    all.forEach(this::displace);
    return all;
  }

  /** Whether anything of a priority is due, held up or not; for a change alone. */
  public boolean anyReady(P priority) {
    var _ = sorted();
    return !level(priority).ready.isEmpty();
  }

  /** Returns how much of some priorities goes before something that waits; for a change alone. */
  public int before(I item, Set<P> among) {
    var _ = sorted();
    int before = 0;
    for (var priority : among) {
      var all = level(priority);
      if (priority == item.priority()) {
        return before
            + (all.ready.contains(item)
                ? all.ready.headSet(item).size()
                : all.ready.size() + all.waiting.headSet(item).size());
      }
      before += all.ready.size() + all.waiting.size();
    }
    // Somebody has taken it.
    return 0;
  }

  private Instant sorted() {
    var now = time.now();
    if (putBack.noticed(now)) {
      onPutBack.accept(now);
    }
    levels.values().forEach(level -> level.sort(now));
    return now;
  }

  private Level<I> level(P priority) {
    var found = levels.get(priority);
    if (found == null) {
      throw new IllegalStateException("no level of " + priority);
    }
    return found;
  }
}
