package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RotationWatch.Finding;
import dev.genesysvault.work.Pause;
import dev.genesysvault.work.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * When each static role of one mount needs the background session next, in memory: filled when the
 * session opens, and kept true by every write since. Looking for work costs what is due.
 * Emergencies go first, then the role that has waited longest, one step at a time.
 */
public final class RotationQueue {
  private static final Duration NEXT_LOOK_AT_LATE = Duration.ofHours(1);

  private final Time time;
  private final RotationWaits waits;
  private final Map<String, RotationItem> items = new HashMap<>();
  private final WorkQueue<RotationPriority, RotationWork> queue;
  private final Pause pause;
  private boolean tainted;
  private boolean loaded;

  /** Makes a queue that knows no role. */
  public RotationQueue(Time time, Locks locks, Randomness randomness) {
    this.time = time;
    this.waits = new RotationWaits(randomness);
    this.pause = new Pause(time, randomness);
    this.queue =
        new WorkQueue<>(
            RotationPriority.class,
            RotationWork.LONGEST_FIRST,
            this::heldUntil,
            // Whatever was placed before may lie too far ahead.
            now -> items.values().forEach(item -> lookAt(item, now)),
            time,
            locks);
  }

  void open() {
    turn(true);
  }

  /** Forgets every role, and ends {@link #take}. */
  void close() {
    turn(false);
  }

  private void turn(boolean toOpen) {
    queue.turn(
        toOpen,
        () -> {
          items.clear();
          pause.over();
          loaded = false;
        });
  }

  private Instant heldUntil(RotationPriority priority) {
    return switch (priority) {
      case WATCH -> Instant.MIN;
      case EMERGENCY -> tainted ? Instant.MAX : Instant.MIN;
      case STEP -> tainted ? Instant.MAX : pause.heldUntil();
    };
  }

  private void place(RotationItem item, Instant due) {
    queue.place(item.step, item.priority(), due);
  }

  private void watch(RotationItem item, Instant at) {
    queue.place(item.watch, RotationPriority.WATCH, at);
  }

  void loaded() {
    queue.change(() -> loaded = true);
  }

  /** Takes note of a role as it was read, unless somebody has written to it since. */
  void loaded(String name, RoleSummary summary, Instant due) {
    queue.change(() -> {
      if (!items.containsKey(name)) {
        var item = new RotationItem(name, pause.holds());
        item.is(summary);
        items.put(name, item);
        place(item, due);
        watch(item, summary.watch());
      }
    });
  }

  /** Takes note of what was written of a role. */
  void wrote(String name, RoleSummary summary) {
    queue.change(() -> {
      var item = items.get(name);
      if (item != null) {
        item.is(summary);
        if (item.step.waits()) {
          // It may have become an emergency.
          place(item, item.step.due());
        }
        if (summary.watch().isAfter(time.now())) {
          item.overdue = null;
        }
        watch(item, summary.watch());
      }
    });
  }

  /** Takes note whether the mount is being disabled or moved: no role is taken meanwhile. */
  public void tainted(boolean is) {
    queue.change(() -> tainted = is);
  }

  /** Has every role looked at now: the mount is being drained. */
  public void lookAtAll() {
    queue.change(() -> items.values().forEach(item -> lookAt(item, time.now())));
  }

  /** As {@link #tainted} with true, and waits until nobody works on a role. */
  public void stop(Deadline deadline) throws InterruptedException {
    tainted(true);
    queue.await(
        () -> !queue.isOpen() || items.values().stream().noneMatch(item -> item.busy), deadline);
  }

  /** Has a role looked at now: somebody wrote to it. */
  public void changed(String name) {
    queue.change(() -> {
      if (queue.isOpen()) {
        hurry(items.computeIfAbsent(name, _ -> new RotationItem(name, pause.holds())));
      }
    });
  }

  /** As {@link #changed}, where nobody knows whether what was written is stored. */
  void doubtful(String name) {
    changed(name);
    queue.change(() -> Optional.ofNullable(items.get(name)).ifPresent(RotationItem::doubt));
  }

  /** Has every role tried now that waits since something failed. */
  public void hurry() {
    queue.change(() -> {
      pause.lift();
      items.values().stream().filter(item -> !item.lastError().isEmpty()).forEach(this::hurry);
    });
  }

  private void hurry(RotationItem item) {
    item.mended();
    pause.lift();
    lookAt(item, time.now());
  }

  /**
   * Waits until a role is due, and takes it; empty once the queue is closed.
   *
   * @param emergencies whether to take nothing else
   */
  Optional<RotationWork> take(boolean emergencies) throws InterruptedException {
    return queue.take(
        emergencies ? RotationPriority.EMERGENCIES : RotationPriority.ALL,
        work -> {
          work.item.busy |= !work.watch;
          return work;
        });
  }

  private void lookAt(RotationItem item, Instant now) {
    if (item.busy) {
      item.changed = true;
    } else {
      place(item, now);
    }
  }

  /** Takes note of what a look at a role has shown; says whether that is news. */
  boolean watched(RotationItem item, Finding finding) {
    return queue.get(() -> {
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

  /** Has a role watched again after a while: nothing was seen. */
  void watchAgain(RotationItem item, Duration wait) {
    queue.change(() -> watchBy(item, time.now().plus(wait)));
  }

  /** Unless somebody has written meanwhile, who knows of something earlier. */
  private void watchBy(RotationItem item, Instant at) {
    boolean earlier = !item.watch.waits() || at.isBefore(item.watch.due());
    if (items.get(item.name) == item && earlier) {
      watch(item, at);
    }
  }

  /** Gives a role back after a step. */
  void stepped(RotationItem item, StepResult next) {
    queue.change(() -> {
      item.busy = false;
      item.steps++;
      if (items.get(item.name) != item) {
        return;
      }
      var now = time.now();
      switch (next) {
        case StepResult.At(var due) -> {
          item.wentOn(now);
          item.mended();
          pause.over();
          place(item, due);
        }
        case StepResult.On(var due) -> {
          item.wentOn(now);
          pause.over();
          place(item, due);
        }
        case StepResult.Aside(var due) -> place(item, due);
        case StepResult.Missed(var error, var due) -> {
          item.mended();
          item.step.met(error);
          place(item, due);
        }
        case StepResult.Idle _ -> {
          item.mended();
          place(item, Instant.MAX);
        }
        case StepResult.Failed(var error, var least) -> {
          item.failed(error, now);
          item.failingSince = item.failingSince == null ? now : item.failingSince;
          place(item, now.plus(waits.after(item, least)));
        }
        case StepResult.Paused(var why) -> {
          item.met(Trouble.of(why), now);
          place(item, now);
        }
        case StepResult.Gone _ -> {
          if (!item.changed) {
            items.remove(item.name);
            queue.displace(item.step);
            queue.displace(item.watch);
          }
        }
      }
      // Also where it was gone: somebody may have made it anew.
      if (item.changed) {
        item.changed = false;
        place(item, now);
      }
    });
  }

  /** Takes no role for a while: what was met has nothing to do with one of them. */
  void pause(Duration length, String reason) {
    queue.change(() -> pause.begin(length, reason));
  }

  /** As {@link #pause(Duration, String)}, for longer each time in a row. */
  void pause(String reason) {
    queue.change(() -> pause.begin(reason));
  }

  /** Waits until a role was looked at more often, the session is over, or time is. */
  public void awaitStep(String name, long steps, Deadline deadline) throws InterruptedException {
    queue.await(
        () -> !queue.isOpen() || !items.containsKey(name) || items.get(name).steps > steps,
        deadline);
  }

  /** Whether readers of a static role use a client; empty while not every role is known. */
  public Optional<Boolean> uses(ClientId id) {
    return any(summary -> summary.clientIds().contains(id));
  }

  /**
   * Whether a static role has a client, lets it go, or once adopted it, as far as its history goes;
   * empty while not every role is known.
   */
  public Optional<Boolean> concerns(ClientId id) {
    return any(summary -> summary.concerns(id));
  }

  private Optional<Boolean> any(Predicate<RoleSummary> which) {
    return queue.get(() -> {
      var all = items.values();
      boolean found = all.stream().anyMatch(item -> which.test(item.summary));
      boolean known = loaded && all.stream().noneMatch(RotationItem::unknown);
      return found || known ? Optional.of(found) : Optional.empty();
    });
  }

  /** Returns what is known of a role; empty while no session is open. */
  public Optional<RoleSnapshot> of(String name) {
    return queue.get(() -> Optional.ofNullable(items.get(name)).map(RotationItem::view));
  }

  /** Returns what is known of some roles, in their order; of none while no session is open. */
  public List<RoleSnapshot> of(List<String> names) {
    return queue.get(() ->
        names.stream().map(items::get).filter(Objects::nonNull).map(RotationItem::view).toList());
  }

  /** Returns how many roles are stepped before one. */
  public int ahead(String name) {
    return queue.get(() ->
        Optional.ofNullable(items.get(name))
            .map(item -> queue.before(item.step, RotationPriority.STEPS))
            .orElse(0));
  }

  /** Returns what is known of every role; of none while no session is open. */
  public List<RoleSnapshot> all() {
    var byName = Comparator.comparing(RoleSnapshot::name);
    return queue.get(() -> items.values().stream().map(RotationItem::view).sorted(byName).toList());
  }

  /** Returns what is wrong with which roles; empty while not every role is known. */
  public Optional<List<RoleTrouble>> troubles() {
    return queue.get(
        () -> loaded ? Optional.of(RoleTrouble.of(items.values(), time.now())) : Optional.empty());
  }

  /** Returns how the rotations do. */
  public RotationQueueStatus status() {
    return queue.get(() -> RotationQueueStatus.of(loaded, tainted, items.values(), pause));
  }
}
