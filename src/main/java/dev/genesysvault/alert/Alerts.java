package dev.genesysvault.alert;

import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.AlertEntry;
import dev.genesysvault.storage.AlertReceiver;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.work.CautiousSteps;
import dev.genesysvault.work.StorageWaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the receivers of mounts' alarms while their background sessions are open, and never in the
 * way of a request: what stands is looked at every few seconds, what is news is written down, and
 * what is written down is told until it is confirmed. Whatever dies in between, the next session
 * goes on from what is written.
 */
public final class Alerts {
  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

  /** Receivers that are told at the same time: one that hangs holds up no other. */
  private static final int AT_A_TIME = 20;

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
  private static final Duration READ_AGAIN = Duration.ofHours(1);

  /** Without a look there are no alarms in metrics and {@code status} either. */
  private static final Duration LONGEST_BLINDNESS = Duration.ofMinutes(1);

  private final Time time;
  private final Randomness randomness;
  private final Parallel parallel;
  private final ReceiverKinds kinds;
  private final Duration between;
  private final StepTrail trail;
  private final StorageWaits storageWaits;

  /**
   * Makes the rules, for all mounts.
   *
   * @param kinds of receivers that mounts may have
   * @param between how long a look at a mount waits for the next one
   */
  public Alerts(
      Time time,
      Randomness randomness,
      Parallel parallel,
      StepTrail trail,
      ReceiverKinds kinds,
      Duration between) {
    this.time = time;
    this.randomness = randomness;
    this.parallel = parallel;
    this.trail = trail;
    this.kinds = kinds;
    this.between = between;
    this.storageWaits = new StorageWaits(time, randomness);
  }

  /** Says what stands of a mount now; may ask Genesys. */
  @FunctionalInterface
  public interface Source {
    /** Looks. */
    AlarmLook look() throws InterruptedException;
  }

  /**
   * Works until interrupted, or until the stream is gone that lends the storage.
   *
   * @param mountPath gives the mount's present path; empty where Vault has not told
   * @throws InterruptedException when the session is over
   */
  public void run(
      String mountUuid,
      MountStorage storage,
      MountAlerts alerts,
      Source source,
      Supplier<String> mountPath)
      throws InterruptedException {
    if (kinds.all().isEmpty()) {
      return;
    }
    var session = new Session(mountUuid, storage, alerts, mountPath);
    int failures = 0;
    alerts.doubt();
    try {
      while (true) {
        try {
          session.round(source);
          failures = 0;
          alerts.await(session.untilNext());
        } catch (StorageException e) {
          // Nobody knows what was written.
          alerts.doubt();
          storageWaits.out(mountUuid, e, ++failures);
        }
      }
    } catch (StorageException e) {
      if (e.kind() != Kind.CLOSED) {
        throw e;
      }
    } finally {
      alerts.forget();
    }
  }

  /** One mount's, in one task but for what receivers are told. */
  private final class Session {
    private final String mountUuid;
    private final MountStorage storage;
    private final MountAlerts alerts;
    private final Supplier<String> mountPath;
    private final CautiousSteps steps;
    private final Map<String, Told> receivers = new HashMap<>();
    private Deadline fresh = Deadline.in(Duration.ZERO, time);

    Session(
        String mountUuid, MountStorage storage, MountAlerts alerts, Supplier<String> mountPath) {
      this.mountUuid = mountUuid;
      this.storage = storage;
      this.alerts = alerts;
      this.mountPath = mountPath;
      this.steps = new CautiousSteps(trail, mountUuid);
    }

    /** What the process died of before is left alone for a while; other receivers are told. */
    void round(Source source) throws InterruptedException {
      var look = steps.call("look at alarms", LONGEST_BLINDNESS, source::look);
      if (look.isEmpty() || !steps.attempt("read the receivers of alarms", this::refresh)) {
        return;
      }
      var due = new ArrayList<Told>();
      for (var receiver : receivers.values()) {
        if (receiver.update(look.get())) {
          due.add(receiver);
        }
      }
      if (!due.isEmpty()) {
        parallel.forEach(due, AT_A_TIME, it -> it.tell(mountUuid, path()));
      }
      receivers.values().forEach(it -> alerts.is(it.outbox().name(), it.status()));
    }

    private void refresh() throws InterruptedException {
      if (alerts.takeStale() || fresh.over()) {
        read();
        fresh = Deadline.in(READ_AGAIN, time);
      }
    }

    private String path() {
      var path = mountPath.get();
      return path.isEmpty() ? "unknown/" : path;
    }

    Duration untilNext() {
      var wait = between;
      for (var receiver : receivers.values()) {
        var its = receiver.untilNext(between);
        wait = its.compareTo(wait) < 0 ? its : wait;
      }
      return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
    }

    private void read() throws InterruptedException {
      var before = new HashMap<>(receivers);
      receivers.clear();
      alerts.forget();
      for (var batch : Folder.batches(storage.alertReceivers().names())) {
        var found = new ArrayList<Found.Document<AlertReceiver>>();
        storage
            .alertReceivers()
            .each(
                batch,
                each -> {
                  switch (each) {
                    case Found.Document<AlertReceiver> document -> found.add(document);
                    case Found.Nothing<AlertReceiver> _ -> {
                      // Removed since the names were listed.
                    }
                    case Found.Unreadable<AlertReceiver>(var name, var reason) ->
                        Told.about(LOG.atError(), mountUuid, name)
                            .addKeyValue("reason", reason)
                            .log("a receiver of alarms cannot be read: write it again");
                  }
                });
        for (var document : found) {
          open(
              document.name(),
              document.document(),
              Optional.ofNullable(before.get(document.name())));
        }
      }
      tidy();
    }

    private void open(String name, AlertReceiver config, Optional<Told> before)
        throws InterruptedException {
      var kind = kinds.of(config.kind());
      if (kind.isEmpty()) {
        Told.about(LOG.atError(), mountUuid, name)
            .addKeyValue("kind", config.kind())
            .log("a receiver of alarms is of a kind that this sidecar does not know");
        return;
      }
      try {
        var folder = storage.alertEntries().below(name);
        var outbox = new Outbox(name, config, folder, time, randomness);
        for (var batch : Folder.batches(folder.names())) {
          folder.each(
              batch,
              found -> {
                if (found instanceof Found.Document<AlertEntry>(var cause, var entry)) {
                  outbox.read(cause, entry);
                }
              });
        }
        var told = new Told(outbox, kind.get().open(config.settings()), steps, time);
        before
            .filter(it -> it.outbox().config().revision().equals(config.revision()))
            .ifPresent(told::goOn);
        receivers.put(name, told);
      } catch (IllegalArgumentException e) {
        Told.about(LOG.atError(), mountUuid, name)
            .addKeyValue("reason", e.getMessage())
            .log("a receiver of alarms cannot be used: write it again");
      }
    }

    /** What was to be told to whom is not there any more is nobody's business. */
    private void tidy() throws InterruptedException {
      var kept = new HashSet<>(storage.alertReceivers().names());
      for (var name : storage.alertEntries().names()) {
        var receiver = Texts.withoutTrailingSlashes(name);
        if (!kept.contains(receiver)) {
          var folder = storage.alertEntries().below(receiver);
          for (var cause : folder.names()) {
            folder.entry(cause).delete();
          }
        }
      }
    }
  }
}
