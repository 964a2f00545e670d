package dev.genesysvault.engine.mount;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;

/** What each mount has of clients: their queue and their records. */
public final class MountClients {
  private final MountStates states;
  private final EntryLocks locks;

  public MountClients(MountStates states, EntryLocks locks) {
    this.states = states;
    this.locks = locks;
  }

  public ClientQueue of(String mountUuid) {
    return states.of(mountUuid).clients;
  }

  /** Returns the records of a mount, through the storage that a stream lends. */
  public ClientRecords records(String mountUuid, MountStorage storage) {
    return new ClientRecords(mountUuid, storage, locks, of(mountUuid));
  }

  public ClientRecords records(Request request) {
    return records(request.mount().uuid(), request.storage());
  }
}
