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
import dev.genesysvault.work.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Pauses pauses;
  private final WorkQueue<ClientPriority, Waiting> queue;
  private final ClientTurns clients;
  private final JournalNews journal = new JournalNews();
  private final Waiting.ForAll journalTurn =
      new Waiting.ForAll(new ClientWork.Journal(), Instant.MIN, "journal");
  private long searches;
  private final Loading loading = new Loading();

  /** Makes a client queue that takes no notes yet. */
  public ClientQueue(Time time, Locks locks, Randomness randomness, Delays delays) {
    this.time = time;
    this.pauses = new Pauses(time, randomness);
    this.goneLately = new GoneLately(time, locks, delays);
    this.queue =
        new WorkQueue<>(
            ClientPriority.class, Waiting.OLDEST_FIRST, pauses::until, this::tryAgain, time, locks);
    this.clients = new ClientTurns(queue, new DueTimes(time, delays, randomness), time);
  }

  /** Returns whose records were removed lately, whether or not a session is open. */
  public GoneLately goneLately() {
    return goneLately;
  }

  /** Begins to take notes, with none from before. */
  public void open() {
    turn(true);
  }

  /** Returns a record as it is to be written now: with since when its client is to go. */
  public ClientRecord dated(ClientRecord client) {
    return client.writtenAt(time.now());
  }

  /** Whether a background session is open, which takes notes. */
  public boolean isOpen() {
    return queue.get(queue::isOpen);
  }

  /** Says that every record is known. */
  public void loaded() {
    change(loading::done);
  }

  /** Whether a client, whose record this task holds, has none for certain: all are known. */
  public boolean hasNoRecord(ClientKey key) {
    return queue.get(() -> queue.isOpen() && loading.isDone() && !clients.knows(key));
  }

  /** Ends taking notes, and forgets all. */
  public void close() {
    turn(false);
  }

  private void turn(boolean toOpen) {
    queue.turn(
        toOpen,
        () -> {
          clients.clear();
          pauses.over();
          loading.begin();
          journal.clear();
          if (toOpen) {
            queue.place(journalTurn, ClientPriority.JOURNAL, Instant.MIN);
          }
        });
  }

  /** Where the clock is put back, what failed before may wait far too long. */
  private void tryAgain(Instant now) {
    clients.tryAgain(now);
    if (journalTurn.waits()) {
      queue.place(journalTurn, ClientPriority.JOURNAL, Instant.MIN);
    }
  }

  /** Takes note of a record as it was written, or read under its lock. */
  public void recorded(ClientKey key, ClientRecord client) {
    change(() -> clients.learn(key, client));
  }

  /** As {@link #recorded}, read without a lock: what anybody else has noted is at least as new. */
  public void found(ClientKey key, ClientRecord client) {
    change(() -> {
      if (clients.of(key).isEmpty() && !loading.removed(key)) {
        clients.learn(key, client);
      }
    });
  }

  /** Takes note that a client has neither record nor, as far as anybody knows, itself. */
  public void removed(ClientKey key) {
    change(() -> {
      clients.drop(key);
      loading.noteRemoved(key);
    });
  }

  /** Takes note that nobody knows what was written of a client. */
  public void doubtful(ClientKey key) {
    change(() -> clients.reread(key, false));
  }

  /** Takes note that nobody wants a client any more, whatever its record says. */
  public void unwanted(ClientKey key) {
    change(() -> clients.reread(key, true));
  }

  /** As {@link #unwanted}, of one that nobody has got: its issue failed. */
  public void takenBack(ClientKey key) {
    unwanted(key);
    with(key, item -> item.takenBack = true);
  }

  /** Goes on to a step of a client, at once. */
  public void next(ClientKey key, Step step) {
    with(key, item -> clients.begin(item, step));
  }

  /** Takes note that Genesys has deactivated a client by now. */
  public void deactivated(ClientKey key, Instant now) {
    with(key, item -> item.deactivatedAt(now));
  }

  /** Tries a step of a client again after a while, which grows with each failure. */
  public void failed(ClientKey key, String error) {
    with(key, item -> clients.again(item, error));
  }

  /** Tries a step of a client again at a given time; {@code error} may be empty. */
  public void postponed(ClientKey key, String error, Instant until) {
    with(key, item -> clients.again(item, error, until));
  }

  /** Gives a client back with which nothing was done. */
  public void untouched(ClientKey key) {
    with(key, clients::untouched);
  }

  private void with(ClientKey key, Consumer<ClientQueueItem> change) {
    change(() -> {
      clients.of(key).ifPresent(change);
    });
  }

  /** A change that is made while nobody else looks, where a session is open. */
  private void change(Runnable change) {
    queue.change(() -> {
      if (queue.isOpen()) {
        change.run();
      }
    });
  }

  /** Asks Genesys nothing for a while: what was met has nothing to do with one client. */
  public void pause(Duration length, String reason) {
    change(() -> pauses.all().begin(length, reason));
  }

  /** Deletes nothing for a while: what may do harm needs the requests more. */
  public void pauseDeletions(Duration length, String reason) {
    change(() -> pauses.beginDeletions(length, reason));
  }

  /** As {@link #pause(Duration, String)}, for longer each time in a row. */
  public void pause(String reason) {
    change(() -> pauses.all().begin(reason));
  }

  /** Takes note that Genesys answers. */
  public void answered() {
    change(() -> pauses.all().over());
  }

  /** Has the background session read the plugin's journal. */
  public void journalWritten() {
    change(() -> {
      if (!journalTurn.waits()) {
        queue.place(journalTurn, ClientPriority.JOURNAL, Instant.MIN);
      }
    });
  }

  /** Has the journal read after a while, and not before. */
  public void journalLater(Duration wait) {
    change(() -> queue.place(journalTurn, ClientPriority.JOURNAL, time.now().plus(wait)));
  }

  /** Takes note that the journal was read, and which of its entries stay there, and why. */
  public void journalRead(Map<String, String> unusable) {
    change(() -> journal.read(unusable));
  }

  /** Takes note that a record cannot be read, so that nothing can be done with its client. */
  public void unreadable(String name) {
    change(() -> clients.unreadable(name));
  }

  /** Has every client tried at once for which it holds, as if nothing had failed before. */
  public void hurry(Predicate<ClientSnapshot> which) {
    change(() -> {
      if (clients.hurry(which)) {
        pauses.lift();
      }
    });
  }

  /** Takes note of what a look for these clients came to. */
  public void searched(List<ClientKey> keys, Actor actor, Outcome<Searched> outcome) {
    change(() -> {
      var found = new ClientWork.Found(keys, actor, outcome);
      var name = "%019d".formatted(++searches);
      queue.place(new Waiting.ForAll(found, Instant.MIN, name), ClientPriority.FOUND, Instant.MIN);
    });
  }

  /** Has clients that are handed out ended, each in its turn, now and from now on, or no more. */
  public void draining(boolean is) {
    change(() -> clients.drain(is));
  }

  /**
   * Waits until something is to be done, and takes it.
   *
   * @param urgent whether to take nothing but what a leaked client waits for
   */
  public ClientWork take(boolean urgent) throws InterruptedException {
    while (true) {
      var work = queue.take(urgent ? ClientPriority.LEAKED : ClientPriority.ALL, this::taken);
      if (work.isPresent()) {
        return work.get();
      }
      queue.awaitOpen();
    }
  }

  private ClientWork taken(Waiting item) {
    if (item.equals(journalTurn)) {
      journal.taken();
    }
    return item instanceof ClientQueueItem client && client.step == Step.SEARCH
        ? clients.search(client)
        : item.work();
  }

  /** Whether a revoke would have to wait: others came first, or Genesys is not to be asked now. */
  public boolean pressed() {
    return queue.get(() -> pauses.all().lasts() || queue.anyReady(ClientPriority.DEACTIVATE));
  }

  /** Waits until a session knows every record and all that the plugin wrote down, or time is up. */
  public void awaitKnown(Deadline deadline) throws InterruptedException {
    queue.await(
        () -> queue.isOpen() && loading.isDone() && journal.isRead() && !journalTurn.waits(),
        deadline);
  }

  /** Waits until it holds of no client, the session is over, or the deadline has come. */
  public void awaitNone(Predicate<ClientSnapshot> which, Deadline deadline)
      throws InterruptedException {
    queue.await(
        () -> !queue.isOpen() || clients.all().stream().noneMatch(it -> which.test(it.view())),
        deadline);
  }

  /** Returns what is known of every client, oldest first; of none while no session is open. */
  public List<ClientSnapshot> all() {
    return queue.get(() ->
        clients.all().stream().sorted(Waiting.OLDEST_FIRST).map(ClientQueueItem::view).toList());
  }

  /** Returns what is known of one client. */
  public Optional<ClientSnapshot> of(ClientKey key) {
    return queue.get(() -> clients.of(key).map(ClientQueueItem::view));
  }

  /** Returns what is known of some clients, in their order; of none while no session is open. */
  public List<ClientSnapshot> of(List<String> keys) {
    return queue.get(() ->
        keys.stream()
            .flatMap(key -> ClientKey.read(key).flatMap(clients::of).stream())
            .map(ClientQueueItem::view)
            .toList());
  }

  /** Returns how the session does and how many clients there are of what kind, in one look. */
  public ClientQueueReport report() {
    return queue.get(() ->
        new ClientQueueReport(
            queue.isOpen(), currentStatus(), ClientCounts.of(clients.all(), time.now())));
  }

  /**
   * Returns which clients do not come to their end.
   *
   * @param late how long after it was to go a client may still log in
   * @param most of them
   */
  public ClientTroubles troubles(Duration late, int most) {
    return queue.get(() -> ClientTroubles.of(clients.all(), late, most, time.now()));
  }

  /** Returns how the background session does. */
  public ClientQueueStatus status() {
    return queue.get(this::currentStatus);
  }

  private ClientQueueStatus currentStatus() {
    var pause = pauses.all();
    return new ClientQueueStatus(
        loading.isDone(),
        Optional.of(pause.end()).filter(_ -> pause.lasts()),
        pause.reason(),
        pause.holds(),
        journal.isKnown(),
        journal.unusable(),
        clients.unreadable());
  }
}
