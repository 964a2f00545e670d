package dev.genesysvault.engine.mount;

import dev.genesysvault.engine.request.Mount;
import java.util.Optional;

/**
 * What Vault says of each mount: a mount that is moved has another path, and its taint, which stops
 * rotations, is over. Requests, sessions and notices of the plugin tell.
 */
public final class MountNews {
  private final MountStates states;
  private final TaintReports reports;

  public MountNews(MountStates states, TaintReports reports) {
    this.states = states;
    this.reports = reports;
  }

  /** Takes note of what came with a request or a session. */
  public void heard(Mount mount) {
    states.heard(mount.uuid(), mount.writable());
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
      states.moved(mountUuid, path);
    }
    if (tainted.isPresent()) {
      states.of(mountUuid).staticRoles.tainted(tainted.get());
      if (!tainted.get()) {
        reports.over(mountUuid);
      }
    }
  }
}
