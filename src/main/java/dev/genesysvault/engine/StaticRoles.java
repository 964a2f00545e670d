package dev.genesysvault.engine;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.lifecycle.EntryLocks;
import dev.genesysvault.lifecycle.LiveClients;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.rotation.RotationQueue;
import dev.genesysvault.rotation.StaticCredentials;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StaticCredential;
import java.util.HashMap;
import java.util.Map;

/** One queue of static roles a mount, the same for its requests and for its background session. */
final class StaticRoles {

  private final Doors doors;
  private final EntryLocks locks;
  private final Backlogs backlogs;
  private final Locks.Monitor monitor;
  private final Map<String, RotationQueue> byMount = new HashMap<>();

  StaticRoles(Doors doors, EntryLocks locks, Backlogs backlogs) {
    this.doors = doors;
    this.locks = locks;
    this.backlogs = backlogs;
    this.monitor = doors.locks().monitor();
  }

  RotationQueue queue(String mountUuid) {
    monitor.lock();
    try {
      return byMount.computeIfAbsent(
          mountUuid, _ -> new RotationQueue(doors.time(), doors.locks(), doors.randomness()));
    } finally {
      monitor.unlock();
    }
  }

  /** Returns the static roles of a mount, through the storage that a stream lends. */
  StaticCredentials of(String mountUuid, MountStorage storage) {
    return new StaticCredentials(backlogs.records(mountUuid, storage), locks, queue(mountUuid));
  }

  StaticCredentials of(Request request) {
    return of(request.mount().uuid(), request.storage());
  }

  /**
   * Returns the clients that the static roles of a mount hand out: from memory where its session
   * knows every role, else from the storage that a stream lends.
   */
  LiveClients live(String mountUuid, MountStorage storage) {
    return id -> {
      var known = queue(mountUuid).uses(id);
      return known.isPresent() ? known.get() : stored(id, storage);
    };
  }

  private static boolean stored(ClientId id, MountStorage storage) throws InterruptedException {
    return storage
        .staticCredentials()
        .find(found ->
            found instanceof Found.Document(var _, StaticCredential credential)
                && credential.clientIds().contains(id))
        .isPresent();
  }

  /** Says that there is no such role, and what to do. */
  static RefusedException unknown(Request request, String name) {
    return RefusedException.badInput(
        "there is no static role \"%s\": write %sstatic-roles/%s first"
            .formatted(name, request.mount().path(), name));
  }
}
