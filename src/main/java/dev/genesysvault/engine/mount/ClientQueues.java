package dev.genesysvault.engine.mount;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.EntryLocks;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.Delays;
import java.util.HashMap;
import java.util.Map;

/** One client queue a mount, the same for its requests and for its background session. */
public final class ClientQueues {
  private final Doors doors;
  private final EntryLocks locks;
  private final Delays delays;
  private final Locks.Monitor monitor;
  private final Map<String, ClientQueue> byMount = new HashMap<>();

  public ClientQueues(Doors doors, EntryLocks locks, Delays delays) {
    this.doors = doors;
    this.locks = locks;
    this.delays = delays;
    this.monitor = doors.locks().monitor();
  }

  public ClientQueue of(String mountUuid) {
    monitor.lock();
    try {
      return byMount.computeIfAbsent(
          mountUuid, _ -> new ClientQueue(doors.time(), doors.locks(), doors.randomness(), delays));
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
