package dev.genesysvault.work;

import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.LogContext;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work of a queue, one piece after the other. Work that the process may have died of is
 * left alone for a while; what meets a bug is tried later and keeps nothing else from being done;
 * storage that does not answer is waited for.
 */
public final class WorkLoop {
  private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);

  /** A bug must neither end the session nor fill the log. */
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(30);

  /** Somebody logs in with what leaked: no caution keeps it alive for longer. */
  private static final Duration LONGEST_CAUTION_IF_URGENT = Duration.ofSeconds(10);

  private final StepTrail trail;
  private final StorageWaits storageWaits;
  private final BugLog bugs;

  /** Makes the rules, for all mounts. */
  public WorkLoop(Time time, StorageWaits storageWaits, StepTrail trail) {
    this.trail = trail;
    this.storageWaits = storageWaits;
    this.bugs = new BugLog(time);
  }

  /**
   * One task that takes work and does it.
   *
   * @param <W> what it takes
   */
  public interface Worker<W> {
    /** Waits for work and takes it; empty when the session is over. */
    Optional<W> take() throws InterruptedException;

    /** Returns what a piece of work is, in the same words whenever the same is done. */
    String text(W work);

    /** Whether it is about a client that leaked. */
    boolean urgent(W work);

    /** Does it, and gives it back. */
    void step(W work) throws InterruptedException;

    /**
     * Gives back what was not done, to be tried again after a while.
     *
     * @param why one sentence
     */
    void postpone(W work, String why, Duration wait) throws InterruptedException;

    /** Whether the session cannot go on where this meets a bug, and has to begin anew. */
    default boolean indispensable(W work) {
      return false;
    }

    /** Gives back what storage did not answer to: nobody knows what was written. */
    void unanswered(W work, StorageException failure) throws InterruptedException;
  }

  /**
   * Works until there is nothing to take any more, until interrupted, or until the stream is gone
   * that lends the storage.
   *
   * @throws StorageException of kind {@link Kind#CLOSED} in the last case
   * @throws IllegalStateException where indispensable work met a bug
   */
  public <W> void run(String mountUuid, Worker<W> worker) throws InterruptedException {
    int failures = 0;
    for (var taken = worker.take(); taken.isPresent(); taken = worker.take()) {
      var work = taken.get();
      var text = worker.text(work);
      try {
        if (!leavesAlone(mountUuid, worker, work, text)) {
          LogContext.anew(() -> trail.during(mountUuid, text, () -> worker.step(work)));
        }
        failures = 0;
      } catch (StorageException e) {
        if (e.kind() != Kind.CLOSED) {
          worker.unanswered(work, e);
        }
        storageWaits.out(mountUuid, e, ++failures);
      } catch (RuntimeException | Error e) {
        Fatal.check(e);
        bugs.told(
            LOG,
            "a step of the background session met a bug; it is tried again",
            e,
            line -> line.addKeyValue("mount", mountUuid).addKeyValue("work", text));
        if (worker.indispensable(work)) {
          throw new IllegalStateException("cannot go on without this: " + text, e);
        }
        worker.postpone(work, "internal error in the sidecar: see its log", AFTER_A_BUG);
      }
    }
  }

  /** Whether it is left alone; where it is, it is in its queue again when its time has come. */
  private <W> boolean leavesAlone(String mountUuid, Worker<W> worker, W work, String text)
      throws InterruptedException {
    var most = worker.urgent(work) ? LONGEST_CAUTION_IF_URGENT : StepTrail.LONGEST_WAIT;
    var left = trail.left(mountUuid, text, most);
    if (!left.isPositive()) {
      return false;
    }
    LOG.atWarn()
        .addKeyValue("mount", mountUuid)
        .addKeyValue("step", text)
        .addKeyValue("wait_ms", left.toMillis())
        .log("a step in whose midst the sidecar ended is tried later");
    worker.postpone(
        work, "the sidecar ended in the midst of this step: it is tried again later", left);
    return true;
  }
}
