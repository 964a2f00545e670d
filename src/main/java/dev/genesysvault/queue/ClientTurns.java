package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.work.WorkQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The clients of a {@link ClientQueue}, which guards it, and for what each waits. */
final class ClientTurns {
  private final Map<ClientKey, ClientQueueItem> items = new HashMap<>();

  /** Records that nobody can read, by name. */
  private final Set<String> unreadable = new TreeSet<>();

  private final WorkQueue<ClientPriority, Waiting> queue;
  private final DueTimes dueTimes;
  private final Time time;

  ClientTurns(WorkQueue<ClientPriority, Waiting> queue, DueTimes dueTimes, Time time) {
    this.queue = queue;
    this.dueTimes = dueTimes;
    this.time = time;
  }

  /** Forgets all of them, who wait no more. */
  void clear() {
    items.clear();
    unreadable.clear();
    dueTimes.draining = false;
  }

  Collection<ClientQueueItem> all() {
    return items.values();
  }

  Optional<ClientQueueItem> of(ClientKey key) {
    return Optional.ofNullable(items.get(key));
  }

  /** Whether there is a record, or may be, be it readable or not. */
  boolean knows(ClientKey key) {
    return items.containsKey(key) || unreadable.contains(key.value());
  }

  private void place(ClientQueueItem item, Instant due) {
    queue.place(item, item.priority(), due);
  }

  /** Takes over what a record says. */
  void learn(ClientKey key, ClientRecord client) {
    var item = items.get(key);
    // Its place depends on when it was announced.
    if (item == null || !item.created.equals(client.created())) {
      drop(key);
      item = new ClientQueueItem(key, client.created());
      items.put(key, item);
    }
    unreadable.remove(key.value());
    item.learn(client, dueTimes.draining, time.now());
    place(item, dueTimes.of(client));
  }

  /** Forgets a client whose record nobody can read. */
  void unreadable(String name) {
    drop(new ClientKey(name));
    unreadable.add(name);
  }

  List<String> unreadable() {
    return List.copyOf(unreadable);
  }

  void drop(ClientKey key) {
    unreadable.remove(key.value());
    var item = items.remove(key);
    if (item != null) {
      queue.displace(item);
    }
  }

  /** Has a record read, since nobody knows what it says. */
  void reread(ClientKey key, boolean unwanted) {
    var item = items.computeIfAbsent(key, _ -> new ClientQueueItem(key, time.now()));
    item.step = Step.REREAD;
    item.failed(item.lastError());
    item.unwanted |= unwanted;
    place(item, dueTimes.after(item.attempts()));
  }

  /** Goes on to a step, at once. */
  void begin(ClientQueueItem item, Step step) {
    item.step = step;
    item.mended();
    place(item, time.now());
  }

  /** Tries a step again after a while, which grows with each failure. */
  void again(ClientQueueItem item, String error) {
    again(item, error, dueTimes.after(item.attempts() + 1));
  }

  /** Tries a step again at a given time. */
  void again(ClientQueueItem item, String error, Instant when) {
    item.failed(error);
    place(item, when);
  }

  /** Gives one back with which nothing was done: what leaked waits for no pause, so by itself. */
  void untouched(ClientQueueItem item) {
    if (item.urgent) {
      again(item, item.lastError());
    } else {
      place(item, item.due());
    }
  }

  /** Has all of which it holds tried at once; returns whether there are any. */
  boolean hurry(Predicate<ClientSnapshot> which) {
    var hurried = items.values().stream().filter(item -> which.test(item.view())).toList();
    hurried.forEach(item -> {
      item.restart();
      place(item, time.now());
    });
    return !hurried.isEmpty();
  }

  /** Has those tried at once who wait since something failed. */
  void tryAgain(Instant now) {
    items.values().stream()
        .filter(item -> item.waits() && item.triedBefore())
        .forEach(item -> place(item, now));
  }

  /** Has those end who are handed out, or wait for their time alone. */
  void drain(boolean is) {
    dueTimes.draining = is;
    if (is) {
      items.values().stream()
          .filter(ClientQueueItem::handedOut)
          .forEach(item -> begin(item, Step.DRAIN));
    }
  }

  /**
   * Returns the look that is taken for one that searches: one list of Genesys serves all of them.
   */
  ClientWork search(ClientQueueItem first) {
    var keys = new ArrayList<>(List.of(first.key));
    for (var other : queue.takeReady(first.priority())) {
      if (other instanceof ClientQueueItem client) {
        keys.add(client.key);
      }
    }
    return new ClientWork.Search(keys);
  }
}
