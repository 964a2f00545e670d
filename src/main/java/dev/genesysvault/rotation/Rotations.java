package dev.genesysvault.rotation;

import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.upkeep.CachedActor;
import dev.genesysvault.upkeep.CautiousReading;
import dev.genesysvault.upkeep.ClientUpkeep;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates the static credentials of mounts while their background sessions are open. A restart
 * rotates nothing that is not due: when the next rotation is due is stored.
 */
public final class Rotations {
  private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** Roles that are worked on at the same time; Genesys' request limit allows no more. */
  private static final int WORKERS = 4;

  /** The one that takes nothing else: all others may wait for Genesys when one comes. */
  private static final int EMERGENCIES = WORKERS;

  /** The one that reads what the process died of before. */
  private static final int LAST_READER = WORKERS + 1;

  /** Somebody logs in with what leaked: no caution keeps it alive for longer. */
  private static final Duration LONGEST_CAUTION_IF_URGENT = Duration.ofSeconds(10);

  private final RotationParts parts;
  private final Parallel parallel;
  private final StepTrail trail;
  private final Backoff storageWaits;
  private final BugLog bugs;

  /** Makes the rules, for all mounts. */
  public Rotations(
      Time time, Randomness randomness, Parallel parallel, StepTrail trail, Delays delays) {
    this.parts = new RotationParts(time, randomness, delays);
    this.parallel = parallel;
    this.trail = trail;
    this.storageWaits = new Backoff(FIRST_WAIT, LONGEST_WAIT, randomness);
    this.bugs = new BugLog(time);
  }

  /**
   * Works until interrupted, or until the stream is gone that lends the storage.
   *
   * @param events reaches Vault's event bus
   * @param mountPath gives the mount's present path, for names and descriptions; empty where Vault
   *     has not told
   * @throws InterruptedException when the session is over
   */
  public void run(
      StaticRoleStore credentials,
      ClientUpkeep.Actors actors,
      Events events,
      Supplier<String> mountPath)
      throws InterruptedException {
    var queue = credentials.queue();
    var reports = new RotationReports(credentials.mountUuid(), events);
    queue.open();
    try {
      var loading = new Loading(credentials, reports);
      loading.first();
      var tasks = new ArrayList<Integer>();
      if (loading.unfinished()) {
        tasks.add(LAST_READER);
      }
      tasks.addAll(IntStream.rangeClosed(0, WORKERS).boxed().toList());
      parallel.forEach(
          tasks,
          tasks.size(),
          task -> {
            if (task == LAST_READER) {
              loading.last();
            } else {
              new Worker(credentials, actors, mountPath, reports).work(task == EMERGENCIES);
            }
          });
    } catch (StorageException e) {
      if (e.kind() != Kind.CLOSED) {
        throw e;
      }
    } finally {
      queue.close();
    }
  }

  /** Fills one mount's queue. */
  private final class Loading {
    private final StaticRoleStore credentials;
    private final RotationReports reports;
    private final CautiousReading reading;
    private List<CautiousReading.Batch> suspected = List.of();

    Loading(StaticRoleStore credentials, RotationReports reports) {
      this.credentials = credentials;
      this.reports = reports;
      this.reading =
          new CautiousReading(
              trail, parallel, parts.time(), credentials.mountUuid(), "static credentials");
    }

    void first() throws InterruptedException {
      suspected =
          CautiousReading.untilAnswered(
              () -> {
                var left = reading.first(credentials.names(), this::load);
                if (left.isEmpty()) {
                  loaded();
                }
                return left;
              },
              Rotations.this::waitOut);
    }

    boolean unfinished() {
      return !suspected.isEmpty();
    }

    void last() throws InterruptedException {
      var _ =
          CautiousReading.untilAnswered(
              () -> {
                reading.last(suspected, this::load);
                loaded();
                return suspected;
              },
              Rotations.this::waitOut);
    }

    private void loaded() throws InterruptedException {
      credentials.queue().loaded();
      if (credentials.drained()) {
        credentials.queue().lookAtAll();
      }
    }

    /** No lock is held: what somebody wrote meanwhile is known from them, and wins. */
    private void load(List<String> names) throws InterruptedException {
      credentials
          .storage()
          .staticCredentials()
          .each(
              names,
              found -> {
                switch (found) {
                  case Found.Document(var name, var read) ->
                      credentials.queue().loaded(name, RoleSummary.of(read), due(read));
                  case Found.Nothing<StaticCredential> _ -> {
                    // Removed since the names were listed.
                  }
                  case Found.Unreadable(var name, var reason) -> {
                    reports.unreadable(name, reason);
                    // Its step fails and says why, until somebody has brought it in order.
                    credentials.queue().loaded(name, RoleSummary.UNREADABLE, Instant.MIN);
                  }
                }
              });
    }
  }

  private Instant due(StaticCredential credential) {
    boolean waits =
        credential.phase() == Phase.IDLE
            && credential.run() == null
            && credential.retired().isEmpty()
            && credential.releases().isEmpty()
            && !RoleSummary.of(credential).rotatedAfter(parts.time().now());
    return waits ? Optional.ofNullable(credential.nextRotation()).orElse(Instant.MAX) : Instant.MIN;
  }

  private void waitOut(StorageException failure, int failures) throws InterruptedException {
    if (failure.kind() == Kind.CLOSED) {
      throw failure;
    }
    var wait = storageWaits.after(failures);
    LOG.atWarn()
        .addKeyValue("reason", failure.getMessage())
        .addKeyValue("wait_ms", wait.toMillis())
        .log("rotations wait for Vault's storage");
    parts.time().sleep(wait);
  }

  /** One of those who take roles in turn. */
  private final class Worker {
    private final StaticRoleStore credentials;
    private final RotationQueue queue;
    private final RotationReports reports;
    private final RotationSteps steps;

    Worker(
        StaticRoleStore credentials,
        ClientUpkeep.Actors actors,
        Supplier<String> mountPath,
        RotationReports reports) {
      this.credentials = credentials;
      this.queue = credentials.queue();
      this.reports = reports;
      this.steps =
          new RotationSteps(
              credentials, new CachedActor(actors, parts.time()), mountPath, parts, reports);
    }

    void work(boolean emergencies) throws InterruptedException {
      for (var taken = queue.take(emergencies);
          taken.isPresent();
          taken = queue.take(emergencies)) {
        switch (taken.get()) {
          case RotationWork.Step(var item) -> step(item);
          case RotationWork.Watch(var item) -> watch(item);
        }
      }
    }

    /** Tells, once a session, what should have reached its end by now. */
    private void watch(RotationItem item) throws InterruptedException {
      try {
        var credential = credentials.get(item.name);
        var role = credentials.role(item.name);
        if (credential.isPresent() && role.isPresent()) {
          var finding = parts.watch().look(credential.get(), role.get(), credentials.records());
          if (queue.watched(item, finding) && finding.overdue().isPresent()) {
            reports.overdue(item.name, finding.overdue().get().what());
          }
        }
      } catch (StorageException e) {
        if (e.kind() == Kind.CLOSED) {
          queue.close();
          throw e;
        }
        queue.watchAgain(item);
      } catch (RuntimeException | Error e) {
        Fatal.check(e);
        // One role's bug must not end the session.
        bug("a look whether a rotation is overdue met a bug; it is repeated", item, e);
        queue.watchAgain(item);
      }
    }

    private void step(RotationItem item) throws InterruptedException {
      StepResult next = new StepResult.Failed("the step was cut short", Duration.ZERO);
      try {
        next = cautious(item);
        var error = error(next);
        if (!error.isEmpty() && !UpstreamFailure.sameTrouble(error, item.lastError)) {
          reports.failed(item.name, error);
        }
      } catch (StorageException e) {
        if (e.kind() == Kind.CLOSED) {
          queue.close();
          throw e;
        }
        next = new StepResult.Failed(String.valueOf(e.getMessage()), Duration.ofSeconds(1));
      } catch (RuntimeException | Error e) {
        Fatal.check(e);
        // One role's bug must not keep the others from being rotated.
        bug("a rotation met a bug; it is tried again", item, e);
        next = new StepResult.Failed("internal error in the sidecar: see its log", LONGEST_WAIT);
      } finally {
        queue.stepped(item, next);
      }
    }

    /**
     * The process may have died of it: it has its next turn later, and the others theirs before.
     */
    private StepResult cautious(RotationItem item) throws InterruptedException {
      var mount = credentials.mountUuid();
      var step = "rotate static role " + item.name;
      boolean urgent = item.summary.emergency();
      var left =
          trail.left(mount, step, urgent ? LONGEST_CAUTION_IF_URGENT : StepTrail.LONGEST_WAIT);
      if (left.isPositive()) {
        return new StepResult.Failed(
            "the sidecar ended in the midst of this role's last step: it is tried again later",
            left);
      }
      return trail.call(mount, step, () -> steps.step(item));
    }

    private void bug(String message, RotationItem item, Throwable bug) {
      bugs.told(
          LOG,
          message,
          bug,
          line ->
              line.addKeyValue("mount", credentials.mountUuid())
                  .addKeyValue("static_role", item.name));
    }

    private static String error(StepResult next) {
      return switch (next) {
        case StepResult.Failed(var error, _) -> error;
        case StepResult.Missed(var error, _) -> error;
        case StepResult.At _,
            StepResult.On _,
            StepResult.Paused _,
            StepResult.Idle _,
            StepResult.Gone _ ->
            "";
      };
    }
  }
}
