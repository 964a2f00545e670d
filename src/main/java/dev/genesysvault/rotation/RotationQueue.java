package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.queue.Pause;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.PutBack;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RotationWatch.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When each static role of one mount needs the background session next, in memory: filled when the
 * session opens, and kept true by every write since. Looking for work costs what is due.
 * Emergencies go first, then the role that has waited longest, one step at a time.
 */
public final class RotationQueue {
  private static final Duration NEXT_LOOK_AT_LATE = Duration.ofHours(1);

  /** After a look that storage did not answer. */
  private static final Duration NEXT_WATCH = Duration.ofMinutes(1);

  private final Time time;
  private final RotationWaits waits;
  private final Locks.Monitor monitor;
  private final Map<String, RotationItem> items = new HashMap<>();
  private final RotationTimetable timetable = new RotationTimetable();
  private final Pause pause;
  private final PutBack putBack = new PutBack();
  private boolean open;
  private boolean tainted;
  private boolean loaded;

  /** Makes a queue that knows no role. */
  public RotationQueue(Time time, Locks locks, Randomness randomness) {
    this.time = time;
    this.waits = new RotationWaits(randomness);
    this.pause = new Pause(time, randomness);
    this.monitor = locks.monitor();
  }

  void open() {
    turn(true);
  }

  /** Forgets every role, and ends {@link #take}. */
  void close() {
    turn(false);
  }

  private void turn(boolean toOpen) {
    change(() -> {
      items.clear();
      timetable.clear();
      pause.over();
      open = toOpen;
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
        items.put(name, item);
        timetable.place(item, due);
        timetable.watch(item, summary.watch());
      }
    });
  }

  /** Takes note of what was written of a role. */
  void wrote(String name, RoleSummary summary) {
    change(() -> {
      var item = items.get(name);
      if (item != null) {
        timetable.summarize(item, summary);
        if (summary.watch().isAfter(time.now())) {
          item.overdue = null;
        }
        timetable.watch(item, summary.watch());
      }
    });
  }

  /** Takes note whether the mount is being disabled or moved: no role is taken meanwhile. */
  public void tainted(boolean is) {
    change(() -> tainted = is);
  }

  /** Has every role looked at now: the mount is being drained. */
  public void lookAtAll() {
    change(() -> items.values().forEach(item -> lookAt(item, time.now())));
  }

  /** As {@link #tainted} with true, and waits until nobody works on a role. */
  public void stop(Deadline deadline) throws InterruptedException {
    monitor.lock();
    try {
      tainted = true;
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
      if (open) {
        hurry(items.computeIfAbsent(name, RotationItem::new));
      }
    });
  }

  /** Has every role tried now that waits since something failed. */
  public void hurry() {
    change(() -> {
      pause.lift();
      items.values().stream().filter(item -> !item.lastError.isEmpty()).forEach(this::hurry);
    });
  }

  private void hurry(RotationItem item) {
    item.mended();
    pause.lift();
    lookAt(item, time.now());
  }

  /**
   * Waits until a role is due, and takes it; empty once the queue is closed. A pause holds up no
   * watch, since an alarm is wanted most while nothing goes on, and no emergency.
   *
   * @param emergencies whether to take nothing else
   */
  Optional<RotationWork> take(boolean emergencies) throws InterruptedException {
    monitor.lock();
    try {
      while (open) {
        var now = time.now();
        noticePutBack(now);
        // First, so that no mass of due roles holds an alarm up.
        var late = emergencies ? Optional.<RotationItem>empty() : timetable.takeWatched(now);
        if (late.isPresent()) {
          return late.map(RotationWork.Watch::new);
        }
        var due = timetable.takeDue(now, emergencies, !tainted, pause);
        if (due.isPresent()) {
          due.get().busy = true;
          return due.map(RotationWork.Step::new);
        }
        monitor.await(timetable.untilNext(now, emergencies, !tainted, pause));
      }
      return Optional.empty();
    } finally {
      monitor.unlock();
    }
  }

  /** Where the clock is put back, whatever was placed before may lie too far ahead. */
  private void noticePutBack(Instant now) {
    if (putBack.noticed(now)) {
      items.values().forEach(item -> lookAt(item, now));
    }
  }

  private void lookAt(RotationItem item, Instant now) {
    if (item.busy) {
      item.changed = true;
    } else {
      timetable.place(item, now);
    }
  }

  /** Takes note of what a look at a role has shown; says whether that is news. */
  boolean watched(RotationItem item, Finding finding) {
    return monitor.get(() -> {
      var before = item.overdue;
      item.overdue = finding.overdue().orElse(null);
      watchBy(item, finding.next());
      if (item.overdue != null) {
        // It may come to its end, or be excused, without anybody writing to the role.
        watchBy(item, time.now().plus(NEXT_LOOK_AT_LATE));
      }
      return item.overdue != null
          && (before == null || !before.deadline().equals(item.overdue.deadline()));
    });
  }

  /** Has a role looked at again whose look failed. */
  void watchAgain(RotationItem item) {
    change(() -> watchBy(item, time.now().plus(NEXT_WATCH)));
  }

  /** Unless somebody has written meanwhile, who knows of something earlier. */
  private void watchBy(RotationItem item, Instant at) {
    if (items.get(item.name) == item && at.isBefore(item.watch)) {
      timetable.watch(item, at);
      monitor.signalAll();
    }
  }

  /** Gives a role back after a step. */
  void stepped(RotationItem item, StepResult next) {
    change(() -> {
      item.busy = false;
      item.steps++;
      if (items.get(item.name) != item) {
        return;
      }
      var now = time.now();
      switch (next) {
        case StepResult.At(var due) -> {
          item.mended();
          pause.over();
          timetable.place(item, due);
        }
        case StepResult.On(var due) -> {
          pause.over();
          timetable.place(item, due);
        }
        case StepResult.Missed(var error, var due) -> {
          item.mended();
          item.lastError = error;
          timetable.place(item, due);
        }
        case StepResult.Idle _ -> {
          item.mended();
          timetable.place(item, Instant.MAX);
        }
        case StepResult.Failed(var error, var least) -> {
          item.attempts++;
          item.met(error);
          timetable.place(item, now.plus(waits.after(item, least)));
        }
        case StepResult.Paused(var why) -> {
          item.met(why);
          timetable.place(item, now);
        }
        case StepResult.Gone _ -> {
          if (!item.changed) {
            items.remove(item.name);
            timetable.remove(item);
          }
        }
      }
      // Also where it was gone: somebody may have made it anew.
      if (item.changed) {
        item.changed = false;
        timetable.place(item, now);
      }
    });
  }

  /** Takes no role for a while: what was met has nothing to do with one of them. */
  void pause(Duration length, String reason) {
    change(() -> pause.begin(length, reason));
  }

  /** As {@link #pause(Duration, String)}, for longer each time in a row. */
  void pause(String reason) {
    change(() -> pause.begin(reason));
  }

  /** Waits until a role was looked at more often, the session is over, or time is. */
  public void awaitStep(String name, long steps, Deadline deadline) throws InterruptedException {
    monitor.lock();
    try {
      var item = items.get(name);
      while (open && !deadline.over() && item != null && item.steps <= steps) {
        monitor.await(deadline.left());
        item = items.get(name);
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Whether readers of a static role use a client; empty while not every role is known. */
  public Optional<Boolean> uses(ClientId id) {
    return monitor.get(() -> {
      var all = items.values();
      boolean used = all.stream().anyMatch(item -> item.summary.clientIds().contains(id));
      boolean known = loaded && all.stream().noneMatch(RotationItem::unreadable);
      return used || known ? Optional.of(used) : Optional.empty();
    });
  }

  /** Returns what is known of a role; empty while no session is open. */
  public Optional<RoleSnapshot> of(String name) {
    return monitor.get(() -> Optional.ofNullable(items.get(name)).map(RotationItem::view));
  }

  /** Returns how many roles are stepped before one. */
  public int ahead(String name) {
    return monitor.get(() -> Optional.ofNullable(items.get(name)).map(timetable::before).orElse(0));
  }

  /** Returns what is known of every role; of none while no session is open. */
  public List<RoleSnapshot> all() {
    var byName = Comparator.comparing(RoleSnapshot::name);
    return monitor.get(
        () -> items.values().stream().map(RotationItem::view).sorted(byName).toList());
  }

  /** Returns how the rotations do. */
  public RotationQueueStatus condition() {
    return monitor.get(() -> RotationQueueStatus.of(loaded, tainted, items.values(), pause));
  }

  private void change(Runnable change) {
    monitor.run(() -> {
      change.run();
      monitor.signalAll();
    });
  }
}
