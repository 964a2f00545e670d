package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.Searched;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What one mount's clients wait for, in memory: filled from storage when the background session
 * opens, and kept true by every write of a record since. Looking for work costs what is due. While
 * no session is open it knows nothing and takes no notes: the next one reads all of it again.
 */
public final class ClientQueue {
  private final GoneLately goneLately;
  private final Time time;
  private final DueTimes dueTimes;
  private final Locks.Monitor monitor;
  private final Map<ClientKey, ClientQueueItem> items = new HashMap<>();
  private final DueQueues queues;
  private final Set<String> unreadable = new TreeSet<>();
  private final JournalNews journal = new JournalNews();
  private boolean open;
  private boolean loaded;
  private final Set<ClientKey> removedBeforeLoaded = new HashSet<>();

  /** Makes a client queue that takes no notes yet. */
  public ClientQueue(Time time, Locks locks, Randomness randomness, Delays delays) {
    this.time = time;
    this.dueTimes = new DueTimes(time, delays, randomness);
    this.queues = new DueQueues(time, randomness);
    this.goneLately = new GoneLately(time, locks, delays);
    this.monitor = locks.monitor();
  }

  /** Returns whose records were removed lately, whether or not a session is open. */
  public GoneLately goneLately() {
    return goneLately;
  }

  /** Begins to take notes, with none from before. */
  public void open() {
    turn(true);
  }

  /** Says that every record is known. */
  public void loaded() {
    change(() -> loaded = true);
  }

  /** Ends taking notes, and forgets all. */
  public void close() {
    turn(false);
  }

  private void turn(boolean toOpen) {
    locked(() -> {
      items.clear();
      removedBeforeLoaded.clear();
      queues.clear();
      loaded = false;
      dueTimes.draining = false;
      unreadable.clear();
      journal.clear(toOpen);
      open = toOpen;
    });
  }

  /** Takes note of a record as it was written, or read under its lock. */
  public void recorded(ClientKey key, ClientRecord client) {
    change(() -> learn(key, client));
  }

  /** As {@link #recorded}, read without a lock: what anybody else has noted is at least as new. */
  public void found(ClientKey key, ClientRecord client) {
    change(() -> {
      if (!items.containsKey(key) && !removedBeforeLoaded.contains(key)) {
        learn(key, client);
      }
    });
  }

  private void learn(ClientKey key, ClientRecord client) {
    var former = items.get(key);
    if (former != null) {
      queues.displace(former);
    }
    // Its place depends on when it was announced.
    var item =
        former != null && former.created.equals(client.created())
            ? former
            : new ClientQueueItem(key, client.created());
    item.learn(client, dueTimes.of(client), dueTimes.draining);
    items.put(key, item);
    queues.place(item);
  }

  /** Takes note that a client has neither record nor, as far as anybody knows, itself. */
  public void removed(ClientKey key) {
    change(() -> {
      drop(key);
      if (!loaded) {
        removedBeforeLoaded.add(key);
      }
    });
  }

  /** Takes note that nobody knows what was written of a client. */
  public void doubtful(ClientKey key) {
    reread(key, false);
  }

  /** Takes note that nobody wants a client any more, whatever its record says. */
  public void unwanted(ClientKey key) {
    reread(key, true);
  }

  private void reread(ClientKey key, boolean unwanted) {
    change(() -> {
      var item = items.getOrDefault(key, new ClientQueueItem(key, time.now()));
      queues.displace(item);
      item.step = Step.REREAD;
      item.attempts++;
      item.due = dueTimes.after(item.attempts);
      item.unwanted |= unwanted;
      items.put(key, item);
      queues.place(item);
    });
  }

  /** Goes on to a step of a client, at once. */
  public void next(ClientKey key, Step step) {
    changeItem(key, item -> item.begin(step, time.now()));
  }

  /** Tries a step of a client again after a while, which grows with each failure. */
  public void failed(ClientKey key, String error) {
    changeItem(key, item -> item.again(error, dueTimes.after(item.attempts + 1)));
  }

  /** Tries a step of a client again at a given time; {@code error} may be empty. */
  public void postponed(ClientKey key, String error, Instant until) {
    changeItem(key, item -> item.again(error, until));
  }

  /** Gives a client back with which nothing was done. */
  public void untouched(ClientKey key) {
    changeItem(key, item -> item.untouched(dueTimes.after(item.attempts + 1)));
  }

  private void changeItem(ClientKey key, Consumer<ClientQueueItem> change) {
    change(() -> {
      var item = items.get(key);
      if (item != null) {
        queues.displace(item);
        change.accept(item);
        queues.place(item);
      }
    });
  }

  /** A change that is made while nobody else looks. */
  private void change(Runnable change) {
    locked(() -> {
      if (open) {
        change.run();
      }
    });
  }

  private void locked(Runnable change) {
    monitor.run(() -> {
      change.run();
      monitor.signalAll();
    });
  }

  /** Asks Genesys nothing for a while: what was met has nothing to do with one client. */
  public void pause(Duration length, String reason) {
    change(() -> queues.pauses.all().begin(length, reason));
  }

  /** Deletes nothing for a while: what may do harm needs the requests more. */
  public void pauseDeletions(Duration length, String reason) {
    change(() -> queues.pauses.beginDeletions(length, reason));
  }

  /** As {@link #pause(Duration, String)}, for longer each time in a row. */
  public void pause(String reason) {
    change(() -> queues.pauses.all().begin(reason));
  }

  /** Takes note that Genesys answers. */
  public void answered() {
    change(() -> queues.pauses.all().over());
  }

  /** Has the background session read the plugin's journal. */
  public void journalWritten() {
    change(journal::written);
  }

  /** Has the journal read after a while, and not before. */
  public void journalLater(Duration wait) {
    change(() -> journal.later(Deadline.in(wait, time)));
  }

  /** Takes note that the journal was read, and which of its entries stay there, and why. */
  public void journalRead(Map<String, String> unusable) {
    change(() -> journal.read(unusable));
  }

  /** Takes note that a record cannot be read, so that nothing can be done with its client. */
  public void unreadable(String name) {
    change(() -> {
      unreadable.add(name);
      drop(new ClientKey(name));
    });
  }

  private void drop(ClientKey key) {
    var item = items.remove(key);
    if (item != null) {
      queues.displace(item);
    }
  }

  /** Has every client tried at once for which it holds, as if nothing had failed before. */
  public void hurry(Predicate<ClientSnapshot> which) {
    change(() ->
        items.values().stream()
            .filter(item -> which.test(item.view()))
            .forEach(item -> queues.hurry(item, time.now())));
  }

  /** Takes note of what a look for these clients came to. */
  public void searched(List<ClientKey> keys, Actor actor, Outcome<Searched> outcome) {
    change(() -> queues.ordinary.place(new Work.Found(keys, actor, outcome)));
  }

  /** Has clients that are handed out ended, each in its turn, now and from now on, or no more. */
  public void draining(boolean is) {
    change(() -> dueTimes.draining = is);
    change(() -> items.values().forEach(item -> queues.drain(item, is, time.now())));
  }

  /**
   * Waits until something is to be done, and takes it.
   *
   * @param urgent whether to take nothing but what a leaked client waits for
   */
  public Work take(boolean urgent) throws InterruptedException {
    monitor.lock();
    try {
      while (true) {
        var work =
            !urgent && journal.take()
                ? Optional.<Work>of(new Work.Journal())
                : queues.take(urgent, time.now());
        if (work.isPresent()) {
          return work.get();
        }
        monitor.await(journal.orEarlier(queues.untilNext(urgent, time.now())));
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Whether a revoke would have to wait: others came first, or Genesys is not to be asked now. */
  public boolean pressed() {
    return monitor.get(() -> queues.pressed(time.now()));
  }

  /** Waits until a session knows every record and all that the plugin wrote down, or time is up. */
  public void awaitKnown(Deadline deadline) throws InterruptedException {
    await(() -> open && loaded && journal.known(), deadline);
  }

  /** Waits until it holds of no client, the session is over, or the deadline has come. */
  public void awaitNone(Predicate<ClientSnapshot> which, Deadline deadline)
      throws InterruptedException {
    await(() -> !open || items.values().stream().noneMatch(it -> which.test(it.view())), deadline);
  }

  private void await(BooleanSupplier question, Deadline deadline) throws InterruptedException {
    monitor.lock();
    try {
      while (!question.getAsBoolean() && !deadline.over()) {
        monitor.await(deadline.left());
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Returns what is known of every client, oldest first; of none while no session is open. */
  public List<ClientSnapshot> all() {
    return monitor.get(() ->
        items.values().stream()
            .sorted(ClientQueueItem.OLDEST_FIRST)
            .map(ClientQueueItem::view)
            .toList());
  }

  /** Returns what is known of one client. */
  public Optional<ClientSnapshot> of(ClientKey key) {
    return monitor.get(() -> Optional.ofNullable(items.get(key)).map(ClientQueueItem::view));
  }

  /** Returns how the background session does. */
  public ClientQueueStatus condition() {
    return monitor.get(() -> {
      var pause = queues.pauses.all();
      var paused = Optional.of(pause.end()).filter(_ -> pause.lasts());
      return new ClientQueueStatus(
          loaded, paused, pause.reason(), journal.unusable(), List.copyOf(unreadable));
    });
  }
}
