package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What one mount's clients wait for, in memory: filled from storage when the background session
 * opens, and kept true by every write of a record since. Looking for work costs what is due. While
 * no session is open it knows nothing and takes no notes: the next one reads all of it again.
 */
public final class Backlog {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  /** After an outage nobody waits longer; during one, the mount's pause spares Genesys. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private static final Duration STUCK_WAIT = Duration.ofHours(1);

  /** After this long, a wall clock that jumped is noticed. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final Time time;
  private final Delays delays;
  private final Backoff waits;
  private final Randomness randomness;
  private final Locks.Monitor monitor;
  private final Map<ClientKey, BacklogItem> items = new HashMap<>();
  private final DueQueue queue = new DueQueue();

  /** Whose records were removed before all were known. */
  private final Set<ClientKey> removedEarly = new HashSet<>();

  private final Pause pause;
  private boolean open;
  private boolean loaded;
  private boolean journalDue;

  /** Makes a backlog that takes no notes yet. */
  public Backlog(Time time, Locks locks, Randomness randomness, Delays delays) {
    this.time = time;
    this.delays = delays;
    this.randomness = randomness;
    this.waits = new Backoff(FIRST_WAIT, LONGEST_WAIT, randomness);
    this.pause = new Pause(randomness);
    this.monitor = locks.monitor();
  }

  /** What is to be done with a client next; an earlier step goes first. */
  public enum Step {
    /** Look at its record: its deadline has come, or nobody knows what was written there. */
    REREAD,
    /** Take its log-in away. */
    DEACTIVATE,
    /** Look whether Genesys shows a client with one of its names. */
    SEARCH,
    /** Remove it at Genesys, and then its record. */
    DELETE
  }

  /** Begins to take notes, with none from before. */
  void open() {
    turn(true);
  }

  /** Says that every record is known. */
  void loaded() {
    change(() -> loaded = true);
  }

  /** Ends taking notes, and forgets all. */
  void close() {
    turn(false);
  }

  private void turn(boolean toOpen) {
    monitor.lock();
    try {
      items.clear();
      removedEarly.clear();
      queue.clear();
      pause.over();
      loaded = false;
      journalDue = toOpen;
      open = toOpen;
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  /** Takes note of a record as it was written, or read under its lock. */
  void recorded(ClientKey key, ClientRecord client) {
    change(() -> learn(key, client));
  }

  /**
   * Takes note of a record that was read without its lock since this opened: what was noted of it
   * by anybody else is at least as new.
   */
  void found(ClientKey key, ClientRecord client) {
    change(() -> {
      if (!items.containsKey(key) && !removedEarly.contains(key)) {
        learn(key, client);
      }
    });
  }

  private void learn(ClientKey key, ClientRecord client) {
    var former = items.get(key);
    if (former != null) {
      queue.displace(former);
    }
    // Its place depends on when it was announced.
    var item =
        former != null && former.created.equals(client.created())
            ? former
            : new BacklogItem(key, client.created());
    item.learn(client, dueOf(client));
    items.put(key, item);
    queue.place(item);
  }

  private Instant dueOf(ClientRecord client) {
    var now = time.now();
    return switch (client.state()) {
      case CREATING -> delays.settled(client);
      case ISSUED -> Optional.ofNullable(client.deadline()).orElse(now);
      case RETIRING -> now;
      case STUCK -> now.plus(rarely());
    };
  }

  private Duration rarely() {
    return Duration.ofMillis((long) (STUCK_WAIT.toMillis() * (1 + randomness.share()) / 2));
  }

  /** Takes note that a client has neither record nor, as far as anybody knows, itself. */
  void removed(ClientKey key) {
    change(() -> {
      var item = items.remove(key);
      if (item != null) {
        queue.displace(item);
      }
      if (!loaded) {
        removedEarly.add(key);
      }
    });
  }

  /** Takes note that nobody knows what was written of a client. */
  void doubtful(ClientKey key) {
    reread(key, false);
  }

  /** Takes note that nobody wants a client any more, whatever its record says. */
  void unwanted(ClientKey key) {
    reread(key, true);
  }

  private void reread(ClientKey key, boolean unwanted) {
    change(() -> {
      var former = items.get(key);
      var item = former == null ? new BacklogItem(key, time.now()) : former;
      queue.displace(item);
      item.step = Step.REREAD;
      item.attempts++;
      item.due = time.now().plus(waits.after(item.attempts));
      item.unwanted |= unwanted;
      items.put(key, item);
      queue.place(item);
    });
  }

  /** Goes on to a step of a client, at once. */
  void next(ClientKey key, Step step) {
    changeItem(key, item -> item.begin(step, time.now()));
  }

  /** Tries a step of a client again after a while, which grows with each failure. */
  void failed(ClientKey key, String error) {
    changeItem(key, item -> item.again(error, time.now().plus(waits.after(item.attempts + 1))));
  }

  /** Tries a step of a client again at a given time; {@code error} may be empty. */
  void postponed(ClientKey key, String error, Instant until) {
    changeItem(key, item -> item.again(error, until));
  }

  /** Gives a client back with which nothing was done. */
  void untouched(ClientKey key) {
    changeItem(key, _ -> {});
  }

  private void changeItem(ClientKey key, Consumer<BacklogItem> change) {
    change(() -> {
      var item = items.get(key);
      if (item != null) {
        queue.displace(item);
        change.accept(item);
        queue.place(item);
      }
    });
  }

  /** A change that is made while nobody else looks. */
  private void change(Runnable change) {
    monitor.lock();
    try {
      if (open) {
        change.run();
        monitor.signalAll();
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Asks Genesys nothing for a while: what was met has nothing to do with one client. */
  void pause(Duration length, String reason) {
    change(() -> pause.begin(time.now(), length, reason));
  }

  /** As {@link #pause(Duration, String)}, for longer each time in a row. */
  void pause(String reason) {
    change(() -> pause.begin(time.now(), reason));
  }

  /** Takes note that Genesys answers. */
  void answered() {
    change(pause::over);
  }

  /** Has the background session read the plugin's journal. */
  public void journalWritten() {
    change(() -> journalDue = true);
  }

  /**
   * Has every client tried at once for which the predicate holds, as if nothing had failed before.
   */
  public void hurry(Predicate<TrackedClient> which) {
    change(() -> {
      for (var item : items.values()) {
        if (which.test(item.view())) {
          queue.displace(item);
          item.due = time.now();
          item.attempts = 0;
          queue.place(item);
          pause.lift();
        }
      }
    });
  }

  /** Waits until something is to be done, and takes it. */
  Work take() throws InterruptedException {
    monitor.lock();
    try {
      while (true) {
        var work = find();
        if (work.isPresent()) {
          return work.get();
        }
        var next = queue.untilNext(time.now(), pause);
        monitor.await(next.compareTo(LONGEST_SLEEP) < 0 ? next : LONGEST_SLEEP);
      }
    } finally {
      monitor.unlock();
    }
  }

  private Optional<Work> find() {
    if (journalDue) {
      journalDue = false;
      return Optional.of(new Work.Journal());
    }
    return queue.take(time.now(), pause);
  }

  /** Whether a revoke would have to wait: others came first, or Genesys is not to be asked now. */
  boolean pressed() {
    return look(() -> {
      var now = time.now();
      return pause.lasts(now) || queue.anyDue(Step.DEACTIVATE, now);
    });
  }

  /**
   * Waits until no client is left for which the predicate holds, the session is over, or the
   * deadline has come.
   */
  public void awaitNone(Predicate<TrackedClient> which, Deadline deadline)
      throws InterruptedException {
    monitor.lock();
    try {
      while (open
          && !deadline.over()
          && items.values().stream().anyMatch(item -> which.test(item.view()))) {
        monitor.await(deadline.left());
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Returns what is known of every client, oldest first; of none while no session is open. */
  public List<TrackedClient> all() {
    return look(() ->
        items.values().stream().sorted(BacklogItem.OLDEST_FIRST).map(BacklogItem::view).toList());
  }

  /** Returns what is known of one client. */
  public Optional<TrackedClient> of(ClientKey key) {
    return look(() -> Optional.ofNullable(items.get(key)).map(BacklogItem::view));
  }

  /** Returns how the background session does. */
  public BackgroundCondition condition() {
    return look(() -> {
      var paused = pause.lasts(time.now()) ? Optional.of(pause.end()) : Optional.<Instant>empty();
      return new BackgroundCondition(loaded, paused, pause.reason());
    });
  }

  private <T> T look(Supplier<T> look) {
    monitor.lock();
    try {
      return look.get();
    } finally {
      monitor.unlock();
    }
  }
}
