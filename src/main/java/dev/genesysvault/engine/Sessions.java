package dev.genesysvault.engine;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background sessions of all mounts: at most one a mount works at a time. For one mount the
 * newest wins, and the older one has stopped before the newer acts.
 */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final Duration UNTIL_SIGNALLED = Duration.ofDays(1);

  /** A bug in the work must neither end it for good nor fill the log. */
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(30);

  private final Time time;
  private final Tasks tasks;
  private final Locks.Monitor monitor;
  private final Map<String, Session> newest = new HashMap<>();
  private final Map<String, Session> working = new HashMap<>();
  private boolean stopping;

  /** Makes a registry without sessions. */
  Sessions(Doors doors) {
    this.time = doors.time();
    this.tasks = doors.tasks();
    this.monitor = doors.locks().monitor();
  }

  /** What a session does until it is interrupted. */
  @FunctionalInterface
  interface Work {
    /** Returns early where there is nothing more to do. */
    void run() throws InterruptedException;
  }

  /** One session, told apart by its identity. */
  private static final class Session {
    private boolean ended;
  }

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
  End attend(String mountUuid, Work work) throws InterruptedException {
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
      while (!failed(mountUuid, work)) {
        time.sleep(AFTER_A_BUG);
      }
    } catch (InterruptedException _) {
      LOG.atDebug().addKeyValue("mount", mountUuid).log("background session is closed");
    } finally {
      monitor.lock();
      try {
        session.ended = true;
        monitor.signalAll();
      } finally {
        monitor.unlock();
      }
    }
  }

  /** Returns whether the work came to its end. */
  private static boolean failed(String mountUuid, Work work) throws InterruptedException {
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("mount", mountUuid)
          .setCause(e)
          .log("a background session met a bug; it begins anew");
      return false;
    }
  }

  /** Ends every session, and every one to come. */
  void stop() {
    monitor.lock();
    try {
      stopping = true;
      monitor.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  private End end() {
    monitor.lock();
    try {
      return stopping ? End.STOPPING : End.SUPERSEDED;
    } finally {
      monitor.unlock();
    }
  }

  /** Whether a mount's session is open and working. */
  boolean open(String mountUuid) {
    monitor.lock();
    try {
      return working.containsKey(mountUuid);
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
        monitor.await(UNTIL_SIGNALLED);
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
        monitor.await(UNTIL_SIGNALLED);
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
          monitor.await(UNTIL_SIGNALLED);
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
