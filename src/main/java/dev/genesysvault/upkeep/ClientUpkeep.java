package dev.genesysvault.upkeep;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.queue.ClientWork;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.work.CautiousReading;
import dev.genesysvault.work.StorageWaits;
import dev.genesysvault.work.WorkLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mount does without a request: it settles what was interrupted, ends what has to go, and
 * takes over what the plugin wrote down while the sidecar was away. One task a mount, one step at a
 * time: Genesys' request limit, not this machine, is what bounds it. Another task waits for what
 * leaked, so that nothing that the first one does holds that up.
 */
public final class ClientUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(ClientUpkeep.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Time time;
  private final Delays delays;
  private final Parallel parallel;
  private final StepTrail trail;
  private final StorageWaits storageWaits;
  private final Retry once;
  private final WorkLoop loop;
  private final BugLog bugs;
  private final Meters meters;

  /** Makes the rules, for all mounts. */
  public ClientUpkeep(
      Time time,
      Randomness randomness,
      Parallel parallel,
      StepTrail trail,
      Delays delays,
      Meters meters) {
    this.time = time;
    this.delays = delays;
    this.parallel = parallel;
    this.trail = trail;
    this.storageWaits = new StorageWaits(time, randomness);
    this.once = new Retry(time, new Backoff(FIRST_WAIT, LONGEST_WAIT, randomness), 1);
    this.loop = new WorkLoop(time, storageWaits, trail);
    this.bugs = new BugLog(time);
    this.meters = meters;
  }

  /** Where the mount's present configuration comes from. */
  @FunctionalInterface
  public interface Actors {
    /** Returns who acts, or why nobody can. */
    ActorState current() throws InterruptedException;

    /** Returns a number that is another one as soon as the configuration was written. */
    default long generation() {
      return 0;
    }
  }

  /** Who acts for the mount now. */
  public sealed interface ActorState {
    /** The mount is configured and knows its organisation. */
    record Ready(Actor actor) implements ActorState {}

    /**
     * Nothing can be done at Genesys for now.
     *
     * @param why one sentence
     */
    record NotReady(String why) implements ActorState {}
  }

  /**
   * Works until interrupted, or until the stream is gone that lends the storage.
   *
   * @throws InterruptedException when the session is over
   */
  public void run(ClientRecords records, Actors actors) throws InterruptedException {
    records.clientQueue().open();
    try {
      run(
          new Session(records, actors, false),
          session -> {
            var suspected = session.load();
            if (suspected.isEmpty()) {
              session.work();
            } else {
              parallel.forEach(
                  List.<Parallel.Body<Session>>of(it -> it.loadLast(suspected), Session::work),
                  2,
                  task -> task.accept(session));
            }
          });
    } finally {
      records.clientQueue().close();
    }
  }

  /**
   * As {@link #run(ClientRecords, Actors)}, beside it, for clients that leaked alone.
   *
   * @throws InterruptedException when the session is over
   */
  public void runUrgent(ClientRecords records, Actors actors) throws InterruptedException {
    run(new Session(records, actors, true), Session::work);
  }

  private static void run(Session session, Parallel.Body<Session> work)
      throws InterruptedException {
    boolean dying = false;
    try {
      work.accept(session);
    } catch (StorageException e) {
      if (e.kind() != Kind.CLOSED) {
        throw e;
      }
    } catch (RuntimeException | Error e) {
      dying = Fatal.is(e);
      throw e;
    } finally {
      // A list that is read while the process ends is suspected with the rest.
      if (!dying) {
        session.searching.end();
      }
    }
  }

  /** One task of one mount's session. */
  private final class Session implements WorkLoop.Worker<ClientWork> {
    private final ClientRecords records;
    private final ClientQueue clientQueue;
    private final CachedActor actor;
    private final DecommissionSteps steps;
    private final Searching searching;
    private final JournalTakeover journal;
    private final CautiousReading reading;
    private final boolean urgentAlone;

    /**
     * Makes one.
     *
     * @param urgentAlone whether it does nothing but what a leaked client waits for
     */
    Session(ClientRecords records, Actors actors, boolean urgentAlone) {
      this.urgentAlone = urgentAlone;
      this.records = records;
      this.clientQueue = records.clientQueue();
      this.actor = new CachedActor(actors, time);
      var notes = new StepNotes(records, delays, time);
      this.steps = new DecommissionSteps(records, notes, delays, time, once);
      this.searching = new Searching(records, notes, trail, delays, time);
      this.journal = new JournalTakeover(records, bugs, meters);
      this.reading =
          new CautiousReading(trail, parallel, time, storageWaits, records.mountUuid(), "clients");
    }

    /** Returns what is to be read later: the process died there before. */
    List<CautiousReading.Batch> load() throws InterruptedException {
      return reading.untilAnswered(this::loadFirst);
    }

    private List<CautiousReading.Batch> loadFirst() throws InterruptedException {
      long begun = time.nanos();
      if (records.storage().drain().get().isPresent()) {
        clientQueue.draining(true);
      }
      var names = records.storage().clients().names();
      var suspected = reading.first(names, this::note);
      if (suspected.isEmpty()) {
        clientQueue.loaded();
      }
      LOG.atInfo()
          .addKeyValue("mount", records.mountUuid())
          .addKeyValue("records", names.size())
          .addKeyValue("ms", Duration.ofNanos(time.nanos() - begun).toMillis())
          .addKeyValue("batches_left_for_later", suspected.size())
          .log("background session has read the records");
      return suspected;
    }

    /** What the process died of comes last, while the rest is worked on. */
    void loadLast(List<CautiousReading.Batch> suspected) throws InterruptedException {
      var _ =
          reading.untilAnswered(() -> {
            reading.last(suspected, this::note);
            clientQueue.loaded();
            return suspected;
          });
    }

    /** No lock is held: a batch would wait for every request that works on one of its clients. */
    private void note(List<String> names) throws InterruptedException {
      records.storage().clients().each(names, this::note);
    }

    private void note(Found<ClientRecord> found) {
      switch (found) {
        case Found.Document(var name, var client) -> clientQueue.found(new ClientKey(name), client);
        case Found.Nothing<ClientRecord> _ -> {
          // Removed since the names were listed.
        }
        case Found.Unreadable(var name, var reason) -> unreadable(name, reason);
      }
    }

    private void unreadable(String name, String reason) {
      LOG.atError()
          .addKeyValue("mount", records.mountUuid())
          .addKeyValue("key", name)
          .addKeyValue("reason", reason)
          .log("a client's record cannot be read, so nobody decommissions that client");
      clientQueue.unreadable(name);
    }

    void work() throws InterruptedException {
      loop.run(records.mountUuid(), this);
    }

    @Override
    public Optional<ClientWork> take() throws InterruptedException {
      return Optional.of(clientQueue.take(urgentAlone));
    }

    @Override
    public String text(ClientWork work) {
      return work.text();
    }

    @Override
    public boolean urgent(ClientWork work) {
      return work.keys().stream()
          .anyMatch(key -> clientQueue.of(key).map(ClientSnapshot::urgent).orElse(false));
    }

    @Override
    public void postpone(ClientWork work, String why, Duration wait) {
      if (work instanceof ClientWork.Journal) {
        clientQueue.journalLater(wait);
      }
      var until = time.now().plus(wait);
      work.keys().forEach(key -> clientQueue.postponed(key, why, until));
    }

    @Override
    public void unanswered(ClientWork work, StorageException failure) {
      if (work instanceof ClientWork.Journal) {
        clientQueue.journalWritten();
      }
      work.keys().forEach(clientQueue::doubtful);
    }

    /** Revokes that were written down wait: the session begins anew, and says what is wrong. */
    @Override
    public boolean indispensable(ClientWork work) {
      return work instanceof ClientWork.Journal;
    }

    @Override
    public void step(ClientWork work) throws InterruptedException {
      try {
        begin(work);
      } catch (StorageException e) {
        if (e.kind() == Kind.UNREADABLE && work instanceof ClientWork.One(var key, _)) {
          unreadable(key.value(), String.valueOf(e.getMessage()));
        } else {
          throw e;
        }
      }
    }

    private void begin(ClientWork work) throws InterruptedException {
      switch (work) {
        case ClientWork.Journal _ -> clientQueue.journalRead(journal.read());
        case ClientWork.One(var key, var step) -> {
          switch (step) {
            case REREAD, DRAIN -> steps.reread(key);
            case SEARCH -> throw new IllegalStateException("a search is for many clients");
            case DEACTIVATE -> {
              var acting = acting();
              if (acting.isPresent()) {
                steps.deactivate(key, acting.get());
              } else {
                clientQueue.untouched(key);
              }
            }
            case DELETE -> {
              var acting = acting();
              if (acting.isPresent()) {
                steps.delete(key, acting.get());
              } else {
                clientQueue.untouched(key);
              }
            }
          }
        }
        case ClientWork.Found found -> searching.searched(found);
        case ClientWork.Search search -> {
          var acting = acting();
          if (acting.isPresent()) {
            searching.search(search, acting.get());
          } else {
            search.keys().forEach(clientQueue::untouched);
          }
        }
      }
    }

    private Optional<Actor> acting() throws InterruptedException {
      return switch (actor.get()) {
        case ActorState.Ready(var ready) -> Optional.of(ready);
        case ActorState.NotReady(var why) -> {
          clientQueue.pause(why);
          yield Optional.empty();
        }
      };
    }
  }
}
