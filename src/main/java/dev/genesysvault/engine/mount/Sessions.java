package dev.genesysvault.engine.mount;

import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background sessions of all mounts: at most one a mount works at a time. For one mount the
 * newest wins, and the older one has stopped before the newer acts.
 */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  /** A bug in the work must neither end it for good nor fill the log. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(10);

  /** Also how long work must go well before what it failed of counts as over. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final Time time;
  private final Backoff waits;
  private final BugLog bugs;
  private final Tasks tasks;
  private final Locks.Monitor monitor;
  private final Map<String, Session> newest = new HashMap<>();
  private final Map<String, Session> working = new HashMap<>();
  private boolean stopping;

  /** Makes a registry without sessions. */
  public Sessions(Doors doors) {
    this.time = doors.time();
    this.waits = new Backoff(FIRST_WAIT, LONGEST_WAIT, doors.randomness());
    this.bugs = new BugLog(time);
    this.tasks = doors.tasks();
    this.monitor = doors.locks().monitor();
  }

  /** What a session does until it is interrupted. */
  @FunctionalInterface
  public interface Work {
    /** Returns early where there is nothing more to do. */
    void run() throws InterruptedException;
  }

  /** One session, told apart by its identity. */
  private static final class Session {
    private boolean ended;
    private int failures;
    private String trouble = "";
    private long failedAt;
    private Optional<Instant> next = Optional.empty();
  }

  /**
   * How the session of a mount does.
   *
   * @param works whether it is open, and not waiting after a failure
   * @param trouble what its work died of lately, one sentence; empty for nothing
   */
  record Health(boolean works, String trouble) {}

  /** Why a session is over while its stream still lives. */
  public enum End {
    /** A newer session of the mount works now. */
    SUPERSEDED,
    /** The sidecar stops; the plugin may come back at once. */
    STOPPING
  }

  /**
   * Holds the session of a mount, in the task of its stream, until a newer one takes over or the
   * sidecar stops. Its work runs in a task of its own, which has ended when this returns.
   *
   * @throws InterruptedException when the stream has ended
   */
  public End attend(String mountUuid, Work work) throws InterruptedException {
    var session = new Session();
    if (!begin(mountUuid, session)) {
      return end();
    }
    try {
      var task = tasks.start("background session", () -> work(session, mountUuid, work));
      try {
        untilOver(mountUuid, session);
      } finally {
        task.interrupt();
        untilEnded(session);
      }
      return end();
    } finally {
      end(mountUuid, session);
    }
  }

  private void work(Session session, String mountUuid, Work work) {
    try {
      LOG.atDebug().addKeyValue("mount", mountUuid).log("background session is open");
      while (!ended(session, mountUuid, work)) {
        var wait = waits.after(session.failures);
        changed(() -> session.next = Optional.of(time.now().plus(wait)));
        time.sleep(wait);
        changed(() -> session.next = Optional.empty());
      }
    } catch (InterruptedException _) {
      LOG.atDebug().addKeyValue("mount", mountUuid).log("background session is closed");
    } finally {
      changed(() -> session.ended = true);
    }
  }

  /** Returns whether the work came to its end, and not to a bug's. */
  private boolean ended(Session session, String mountUuid, Work work) throws InterruptedException {
    long begun = time.nanos();
    try {
      work.run();
      return true;
    } catch (RuntimeException | Error e) {
      Fatal.check(e);
      bugs.told(
          LOG,
          "a background session met a bug; it begins anew",
          e,
          line -> line.addKeyValue("mount", mountUuid));
      boolean wentWell = time.nanos() - begun > LONGEST_WAIT.toNanos();
      changed(() -> {
        session.failures = wentWell ? 1 : session.failures + 1;
        session.trouble =
            "internal error in the sidecar (%s), %d in a row: see its log"
                .formatted(e.getClass().getSimpleName(), session.failures);
        session.failedAt = time.nanos();
      });
      return false;
    }
  }

  private void changed(Runnable change) {
    monitor.lock();
    try {
      change.run();
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  /** Ends every session, and every one to come. */
  public void stop() {
    changed(() -> stopping = true);
  }

  private End end() {
    monitor.lock();
    try {
      return stopping ? End.STOPPING : End.SUPERSEDED;
    } finally {
      monitor.unlock();
    }
  }

  /** Returns how a mount's session does. */
  Health health(String mountUuid) {
    monitor.lock();
    try {
      var session = working.get(mountUuid);
      if (session == null) {
        return new Health(false, "");
      }
      if (session.ended) {
        return new Health(false, "its work has ended; the plugin opens another one");
      }
      boolean past =
          session.failures > 0
              && session.next.isEmpty()
              && time.nanos() - session.failedAt > LONGEST_WAIT.toNanos();
      var begins =
          session
              .next
              .map(next -> "; it begins anew at " + next.truncatedTo(ChronoUnit.SECONDS))
              .orElse("");
      return new Health(session.next.isEmpty(), past ? "" : session.trouble + begins);
    } finally {
      monitor.unlock();
    }
  }

  /** Returns whether the session may work, once its predecessor has stopped. */
  private boolean begin(String mountUuid, Session session) throws InterruptedException {
    monitor.lock();
    try {
      newest.put(mountUuid, session);
      monitor.signalAll();
      while (working.containsKey(mountUuid) && !over(mountUuid, session)) {
        monitor.await();
      }
      if (over(mountUuid, session)) {
        newest.remove(mountUuid, session);
        return false;
      }
      working.put(mountUuid, session);
      return true;
    } catch (InterruptedException e) {
      newest.remove(mountUuid, session);
      throw e;
    } finally {
      monitor.unlock();
    }
  }

  private boolean over(String mountUuid, Session session) {
    return stopping || newest.get(mountUuid) != session;
  }

  private void untilOver(String mountUuid, Session session) throws InterruptedException {
    monitor.lock();
    try {
      while (!over(mountUuid, session)) {
        monitor.await();
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Two may never work on one mount, so this wait is not interrupted. */
  private void untilEnded(Session session) {
    monitor.lock();
    try {
      while (!session.ended) {
        try {
          monitor.await();
        } catch (InterruptedException _) {
          // The stream has ended, which is why the session is being closed.
        }
      }
    } finally {
      monitor.unlock();
    }
  }

  private void end(String mountUuid, Session session) {
    monitor.lock();
    try {
      working.remove(mountUuid, session);
      newest.remove(mountUuid, session);
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }
}
