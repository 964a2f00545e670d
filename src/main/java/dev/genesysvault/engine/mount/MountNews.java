package dev.genesysvault.engine.mount;

import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.resilience.Locks;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What Vault last said of each mount: a mount that is moved has another path, and its taint, which
 * stops rotations, is over. Requests, sessions and notices of the plugin tell.
 */
public final class MountNews {
  private final RotationQueues staticRoles;
  private final TaintReports reports;
  private final Locks.Monitor monitor;
  private final Map<String, String> paths = new HashMap<>();

  public MountNews(Doors doors, RotationQueues staticRoles, TaintReports reports) {
    this.staticRoles = staticRoles;
    this.reports = reports;
    this.monitor = doors.locks().monitor();
  }

  /** Takes note of what came with a request or a session. */
  public void heard(Mount mount) {
    heard(mount.uuid(), mount.path(), mount.tainted());
  }

  /**
   * Takes note of what a notice says.
   *
   * @param path empty where Vault has not told
   * @param tainted empty where Vault could not be asked: then nothing is known
   */
  public void heard(String mountUuid, String path, Optional<Boolean> tainted) {
    if (!path.isEmpty()) {
      monitor.lock();
      try {
        paths.put(mountUuid, path);
      } finally {
        monitor.unlock();
      }
    }
    if (tainted.isPresent()) {
      staticRoles.queue(mountUuid).tainted(tainted.get());
      if (!tainted.get()) {
        reports.over(mountUuid);
      }
    }
  }

  /** Returns a mount's present path, with a trailing slash; empty where Vault has not told. */
  public String path(String mountUuid) {
    monitor.lock();
    try {
      return paths.getOrDefault(mountUuid, "");
    } finally {
      monitor.unlock();
    }
  }
}
