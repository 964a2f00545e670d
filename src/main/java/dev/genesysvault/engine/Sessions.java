package dev.genesysvault.engine;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.storage.MountState;
import dev.genesysvault.storage.MountStorage;
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

  private final Locks.Monitor monitor;
  private final Map<String, Session> newest = new HashMap<>();
  private final Map<String, Session> working = new HashMap<>();
  private boolean stopping;

  /** Makes a registry without sessions. */
  public Sessions(Locks locks) {
    this.monitor = locks.monitor();
  }

  /** One session, told apart by its identity. */
  private static final class Session {}

  /** Why a session is over while its stream still lives. */
  public enum End {
    /** A newer session of the mount works now. */
    SUPERSEDED,
    /** The sidecar stops; the plugin may come back at once. */
    STOPPING
  }

  /**
   * Holds the session of a mount, in the task of its stream, until a newer one takes over or the
   * sidecar stops.
   *
   * @param storage the mount's, as long as the stream lives
   * @throws InterruptedException when the stream has ended
   */
  public End attend(Mount mount, MountStorage storage) throws InterruptedException {
    var session = new Session();
    if (!begin(mount.uuid(), session)) {
      return end();
    }
    try {
      var mark = storage.mount().get().map(MountState::mark);
      LOG.atDebug()
          .addKeyValue("mount", mount.uuid())
          .addKeyValue("mark", mark.map(Object::toString).orElse("none yet"))
          .log("background session is open");
      untilOver(mount.uuid(), session);
      return end();
    } finally {
      end(mount.uuid(), session);
    }
  }

  /** Ends every session, and every one to come. */
  public void stop() {
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
  public boolean open(String mountUuid) {
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
