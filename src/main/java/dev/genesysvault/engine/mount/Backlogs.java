package dev.genesysvault.engine.mount;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.EntryLocks;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.Backlog;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.Delays;
import java.util.HashMap;
import java.util.Map;

/** One backlog a mount, the same for its requests and for its background session. */
public final class Backlogs {
  private final Doors doors;
  private final EntryLocks locks;
  private final Delays delays;
  private final Locks.Monitor monitor;
  private final Map<String, Backlog> byMount = new HashMap<>();

  public Backlogs(Doors doors, EntryLocks locks, Delays delays) {
    this.doors = doors;
    this.locks = locks;
    this.delays = delays;
    this.monitor = doors.locks().monitor();
  }

  public Backlog of(String mountUuid) {
    monitor.lock();
    try {
      return byMount.computeIfAbsent(
          mountUuid, _ -> new Backlog(doors.time(), doors.locks(), doors.randomness(), delays));
    } finally {
      monitor.unlock();
    }
  }

  /** Returns the records of a mount, through the storage that a stream lends. */
  public ClientRecords records(String mountUuid, MountStorage storage) {
    return new ClientRecords(mountUuid, storage, locks, of(mountUuid));
  }

  public ClientRecords records(Request request) {
    return records(request.mount().uuid(), request.storage());
  }
}
