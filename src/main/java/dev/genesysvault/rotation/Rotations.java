package dev.genesysvault.rotation;

import dev.genesysvault.domain.Trouble;
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
import dev.genesysvault.upkeep.ClientUpkeep;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.Events;
import dev.genesysvault.work.CautiousReading;
import dev.genesysvault.work.StorageWaits;
import dev.genesysvault.work.WorkLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Rotates the static credentials of mounts while their background sessions are open. A restart
 * rotates nothing that is not due: when the next rotation is due is stored.
 */
public final class Rotations {
  /** Roles that are worked on at the same time; Genesys' request limit allows no more. */
  private static final int WORKERS = 4;

  /** The one that takes nothing else: all others may wait for Genesys when one comes. */
  private static final int EMERGENCIES = WORKERS;

  /** The one that reads what the process died of before. */
  private static final int LAST_READER = WORKERS + 1;

  /** Within this time of a session's opening each role with destinations is stepped once. */
  private static final Duration FIRST_LOOK = Duration.ofHours(1);

  private final RotationParts parts;
  private final Parallel parallel;
  private final StepTrail trail;
  private final StorageWaits storageWaits;
  private final WorkLoop loop;

  /** Makes the rules, for all mounts. */
  public Rotations(
      Time time, Randomness randomness, Parallel parallel, StepTrail trail, Delays delays) {
    this.parts = new RotationParts(time, randomness, delays);
    this.parallel = parallel;
    this.trail = trail;
    this.storageWaits = new StorageWaits(time, randomness);
    this.loop = new WorkLoop(time, storageWaits, trail);
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
    // Another process may have worked since: what it saw is not known here.
    credentials.present().forget();
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
              loop.run(
                  credentials.mountUuid(),
                  new Worker(
                      credentials,
                      new CachedActor(actors, parts.time()),
                      mountPath,
                      parts,
                      reports,
                      task == EMERGENCIES));
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
              trail,
              parallel,
              parts.time(),
              storageWaits,
              credentials.mountUuid(),
              "static credentials");
    }

    void first() throws InterruptedException {
      suspected =
          reading.untilAnswered(() -> {
            var left = reading.first(credentials.names(), this::load);
            if (left.isEmpty()) {
              loaded();
            }
            return left;
          });
    }

    boolean unfinished() {
      return !suspected.isEmpty();
    }

    void last() throws InterruptedException {
      var _ =
          reading.untilAnswered(() -> {
            reading.last(suspected, this::load);
            loaded();
            return suspected;
          });
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
            && !RotationHistory.isBehind(credential)
            && Deliveries.behind(credential).isEmpty()
            && !RoleSummary.of(credential).rotatedAfter(parts.time().now());
    if (!waits) {
      return Instant.MIN;
    }
    var due = Optional.ofNullable(credential.nextRotation()).orElse(Instant.MAX);
    if (credential.deliveries().isEmpty()) {
      return due;
    }
    // Its step knows when what it has elsewhere is looked at; a thousand roles need not ask at
    // once.
    var look =
        parts
            .time()
            .now()
            .plus(Duration.ofMillis((long) (parts.randomness().share() * FIRST_LOOK.toMillis())));
    return look.isBefore(due) ? look : due;
  }

  /** One of those who take roles in turn. */
  private static final class Worker implements WorkLoop.Worker<RotationWork> {
    private static final Duration AFTER_STORAGE = Duration.ofSeconds(1);

    private final StaticRoleStore credentials;
    private final RotationQueue queue;
    private final RotationReports reports;
    private final RotationWatch watch;
    private final RotationSteps steps;
    private final boolean emergencies;

    /**
     * Makes one.
     *
     * @param emergencies whether it takes nothing else
     */
    Worker(
        StaticRoleStore credentials,
        CachedActor actor,
        Supplier<String> mountPath,
        RotationParts parts,
        RotationReports reports,
        boolean emergencies) {
      this.credentials = credentials;
      this.queue = credentials.queue();
      this.reports = reports;
      this.watch = parts.watch();
      this.steps = new RotationSteps(credentials, actor, mountPath, parts, reports);
      this.emergencies = emergencies;
    }

    @Override
    public Optional<RotationWork> take() throws InterruptedException {
      return queue.take(emergencies);
    }

    @Override
    public String text(RotationWork work) {
      return (work.watch
              ? "look whether a rotation is overdue: static role "
              : "rotate static role ")
          + work.item.name;
    }

    @Override
    public boolean urgent(RotationWork work) {
      return work.item.summary.emergency();
    }

    @Override
    public void step(RotationWork work) throws InterruptedException {
      if (work.watch) {
        watch(work.item);
      } else {
        step(work.item);
      }
    }

    /** Tells, once a session, what should have reached its end by now. */
    private void watch(RotationItem item) throws InterruptedException {
      var credential = credentials.get(item.name);
      var role = credentials.role(item.name);
      if (credential.isPresent() && role.isPresent()) {
        var finding = watch.look(credential.get(), role.get(), credentials.records());
        if (queue.watched(item, finding) && finding.overdue().isPresent()) {
          reports.overdue(item.name, finding.overdue().get().what());
        }
      }
    }

    private void step(RotationItem item) throws InterruptedException {
      var next = steps.step(item);
      report(item, error(next));
      queue.stepped(item, next);
    }

    @Override
    public void postpone(RotationWork work, String why, Duration wait) throws InterruptedException {
      if (work.watch) {
        queue.watchAgain(work.item, wait);
      } else {
        report(work.item, Trouble.of(why));
        queue.stepped(work.item, new StepResult.Failed(why, wait));
      }
    }

    private void report(RotationItem item, Trouble error) throws InterruptedException {
      if (!error.isNone() && !error.isSameAs(item.trouble)) {
        reports.failed(item.name, error);
      }
    }

    @Override
    public void unanswered(RotationWork work, StorageException failure) {
      if (work.watch) {
        queue.watchAgain(work.item, AFTER_STORAGE);
      } else {
        var why = String.valueOf(failure.getMessage());
        queue.stepped(work.item, new StepResult.Failed(why, AFTER_STORAGE));
      }
    }

    private static Trouble error(StepResult next) {
      return switch (next) {
        case StepResult.Failed(var error, _) -> error;
        case StepResult.Missed(var error, _) -> Trouble.of(error);
        case StepResult.At _,
            StepResult.On _,
            StepResult.Aside _,
            StepResult.Paused _,
            StepResult.Idle _,
            StepResult.Gone _ ->
            Trouble.NONE;
      };
    }
  }
}
