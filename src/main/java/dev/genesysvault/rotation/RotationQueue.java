package dev.genesysvault.rotation;

import dev.genesysvault.lifecycle.Pause;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * When each static role of one mount needs the background session next, in memory: filled when the
 * session opens, and kept true by every write since. Looking for work costs what is due. The role
 * that has waited longest goes first, one step at a time.
 */
public final class RotationQueue {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(4);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** After this long, a wall clock that jumped is noticed. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final Time time;
  private final Backoff waits;
  private final Locks.Monitor monitor;
  private final Map<String, RotationItem> items = new HashMap<>();
  private final NavigableSet<RotationItem> waiting =
      new TreeSet<>(
          Comparator.comparing((RotationItem item) -> item.due).thenComparing(item -> item.name));
  private final Pause pause;
  private boolean open;
  private boolean stopped;
  private boolean loaded;

  /** Makes a queue that knows no role. */
  public RotationQueue(Time time, Locks locks, Randomness randomness) {
    this.time = time;
    this.waits = new Backoff(FIRST_WAIT, LONGEST_WAIT, randomness);
    this.pause = new Pause(randomness);
    this.monitor = locks.monitor();
  }

  void open() {
    turn(true);
  }

  /** Forgets every role, and ends {@link #take()}. */
  void close() {
    turn(false);
  }

  private void turn(boolean toOpen) {
    change(() -> {
      items.clear();
      waiting.clear();
      pause.over();
      open = toOpen;
      stopped = false;
      loaded = false;
    });
  }

  /** Says that every role is known. */
  void loaded() {
    change(() -> loaded = true);
  }

  /** Takes note of a role as it was read, unless somebody has written to it since. */
  void loaded(String name, RoleSummary summary, Instant due) {
    change(() -> {
      if (!items.containsKey(name)) {
        var item = new RotationItem(name);
        item.summary = summary;
        item.due = due;
        items.put(name, item);
        waiting.add(item);
      }
    });
  }

  /** Takes note of what was written of a role. */
  void wrote(String name, RoleSummary summary) {
    change(() -> {
      var item = items.get(name);
      if (item != null) {
        item.summary = summary;
      }
    });
  }

  /**
   * Takes no role any more, since the mount is being disabled, and waits until nobody works on one:
   * what is begun later would lose its owner.
   */
  public void stop(Deadline deadline) throws InterruptedException {
    monitor.lock();
    try {
      stopped = open;
      monitor.signalAll();
      while (open && !deadline.over() && items.values().stream().anyMatch(item -> item.busy)) {
        monitor.await(deadline.left());
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Has a role looked at now: somebody wrote to it. */
  public void changed(String name) {
    change(() -> {
      if (!open) {
        return;
      }
      var item = items.computeIfAbsent(name, RotationItem::new);
      item.attempts = 0;
      pause.lift();
      if (item.busy) {
        item.changed = true;
      } else {
        place(item, time.now());
      }
    });
  }

  /** Waits until a role is due, and takes it; empty once the queue is closed. */
  Optional<RotationItem> take() throws InterruptedException {
    monitor.lock();
    try {
      while (open) {
        var now = time.now();
        if (takesNow(now)) {
          var item = waiting.removeFirst();
          item.busy = true;
          return Optional.of(item);
        }
        monitor.await(untilNext(now));
      }
      return Optional.empty();
    } finally {
      monitor.unlock();
    }
  }

  private boolean takesNow(Instant now) {
    return !stopped && !waiting.isEmpty() && !waiting.first().due.isAfter(now) && !pause.lasts(now);
  }

  private Duration untilNext(Instant now) {
    if (waiting.isEmpty() || stopped) {
      return LONGEST_SLEEP;
    }
    var due = waiting.first().due;
    var first = pause.lasts(now) && pause.end().isAfter(due) ? pause.end() : due;
    var wait =
        first.isAfter(now.plus(LONGEST_SLEEP)) ? LONGEST_SLEEP : Duration.between(now, first);
    return wait.isPositive() ? wait : Duration.ofNanos(1);
  }

  /** Gives a role back after a step. */
  void stepped(RotationItem item, Next next) {
    change(() -> {
      item.busy = false;
      item.steps++;
      if (items.get(item.name) != item) {
        return;
      }
      var now = time.now();
      switch (next) {
        case Next.At(var due) -> {
          item.attempts = 0;
          item.lastError = "";
          pause.over();
          place(item, due);
        }
        case Next.Idle _ -> {
          item.attempts = 0;
          item.lastError = "";
          place(item, Instant.MAX);
        }
        case Next.Failed(var error, var least) -> {
          item.attempts++;
          item.lastError = error;
          var wait = waits.after(item.attempts);
          place(item, now.plus(wait.compareTo(least) < 0 ? least : wait));
        }
        case Next.Paused(var why) -> {
          item.lastError = why;
          place(item, now);
        }
        case Next.Gone _ -> {
          items.remove(item.name);
          waiting.remove(item);
        }
      }
      if (item.changed && !(next instanceof Next.Gone)) {
        item.changed = false;
        place(item, now);
      }
    });
  }

  private void place(RotationItem item, Instant due) {
    waiting.remove(item);
    item.due = due;
    waiting.add(item);
  }

  /** Takes no role for a while: what was met has nothing to do with one of them. */
  void pause(Duration length, String reason) {
    change(() -> pause.begin(time.now(), length, reason));
  }

  /** As {@link #pause(Duration, String)}, for longer each time in a row. */
  void pause(String reason) {
    change(() -> pause.begin(time.now(), reason));
  }

  /**
   * Waits until a role was looked at more often than that, the session is over, or the deadline has
   * come.
   */
  public void awaitStep(String name, long steps, Deadline deadline) throws InterruptedException {
    monitor.lock();
    try {
      while (open && !deadline.over() && stepsOf(name) <= steps) {
        monitor.await(deadline.left());
      }
    } finally {
      monitor.unlock();
    }
  }

  private long stepsOf(String name) {
    var item = items.get(name);
    return item == null ? Long.MAX_VALUE : item.steps;
  }

  /** Returns what is known of a role; empty while no session is open. */
  public Optional<TrackedRole> of(String name) {
    return look(() -> Optional.ofNullable(items.get(name)).map(RotationItem::view));
  }

  /** Returns what is known of every role; of none while no session is open. */
  public List<TrackedRole> all() {
    return look(() ->
        items.values().stream()
            .map(RotationItem::view)
            .sorted(Comparator.comparing(TrackedRole::name))
            .toList());
  }

  /**
   * How the rotations of a mount do.
   *
   * @param loaded whether every static role is known
   * @param known how many are
   * @param rotating how many are in a phase of a rotation
   * @param failing whose last step failed
   * @param paused until when none is worked on; empty where they are
   */
  public record Condition(
      boolean loaded, int known, long rotating, long failing, Optional<Instant> paused) {}

  /** Returns how the rotations do. */
  public Condition condition() {
    return look(() ->
        new Condition(
            loaded,
            items.size(),
            items.values().stream().filter(item -> item.summary.phase() != Phase.IDLE).count(),
            items.values().stream().filter(item -> !item.lastError.isEmpty()).count(),
            pause.lasts(time.now())
                ? Optional.of(pause.end().truncatedTo(ChronoUnit.SECONDS))
                : Optional.empty()));
  }

  private <T> T look(Supplier<T> look) {
    monitor.lock();
    try {
      return look.get();
    } finally {
      monitor.unlock();
    }
  }

  private void change(Runnable change) {
    monitor.lock();
    try {
      change.run();
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }
}
