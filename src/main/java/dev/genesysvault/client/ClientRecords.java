package dev.genesysvault.client;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.history.History;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.KeyedLocks;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.Entry;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The records of one mount's clients, for as long as the stream lives that lends the storage. What
 * is written here is known to the mount's {@link ClientQueue} at once, so that nothing has to be
 * looked for later.
 */
public final class ClientRecords {
  private final String mountUuid;
  private final MountStorage storage;
  private final EntryLocks locks;
  private final ClientQueue clientQueue;

  /**
   * Opens the records of a mount.
   *
   * @param mountUuid Vault's uuid of the mount
   */
  public ClientRecords(
      String mountUuid, MountStorage storage, EntryLocks locks, ClientQueue clientQueue) {
    this.mountUuid = mountUuid;
    this.storage = storage;
    this.locks = locks;
    this.clientQueue = clientQueue;
  }

  /** Returns the mount's client queue. */
  public ClientQueue clientQueue() {
    return clientQueue;
  }

  /** Returns all that the mount keeps. */
  public MountStorage storage() {
    return storage;
  }

  /** Returns what the mount keeps for whoever audits. */
  public History history() {
    return new History(mountUuid, storage, locks);
  }

  /** Returns Vault's uuid of the mount. */
  public String mountUuid() {
    return mountUuid;
  }

  /** Waits until the record is this task's. Not re-entrant. */
  public KeyedLocks.Held lock(ClientKey key) throws InterruptedException {
    return locks.lock(mountUuid, key);
  }

  /** Returns a record. */
  public Optional<ClientRecord> get(ClientKey key) throws InterruptedException {
    return storage.client(key).get();
  }

  /** Returns a record, whose lock this task holds; asks storage only where there may be one. */
  Optional<ClientRecord> getUnlessNew(ClientKey key) throws InterruptedException {
    return clientQueue.hasNoRecord(key) ? Optional.empty() : get(key);
  }

  /** Whether there is a record, be it readable or not. */
  public boolean exists(ClientKey key) throws InterruptedException {
    try {
      return get(key).isPresent();
    } catch (StorageException e) {
      if (e.kind() == Kind.UNREADABLE) {
        return true;
      }
      throw e;
    }
  }

  /** Writes a record, whose lock this task holds. */
  public void put(ClientKey key, ClientRecord record) throws InterruptedException {
    var _ =
        put(
            key,
            record,
            (entry, client) -> {
              entry.put(client);
              return true;
            });
  }

  /** A way to write a record; returns whether it was. */
  @FunctionalInterface
  private interface Write {
    boolean to(Entry<ClientRecord> entry, ClientRecord client) throws InterruptedException;
  }

  private boolean put(ClientKey key, ClientRecord record, Write write) throws InterruptedException {
    var client = clientQueue.dated(record);
    clientQueue.goneLately().returned(key);
    boolean written;
    try {
      written = write.to(storage.client(key), client);
    } catch (StorageException e) {
      doubt(key, e);
      throw e;
    } catch (InterruptedException e) {
      clientQueue.doubtful(key);
      throw e;
    }
    if (written) {
      clientQueue.recorded(key, client);
    }
    return written;
  }

  /**
   * Writes something if the configuration allows it, which does not change meanwhile; returns
   * whether it did. Any number do so at once. The configuration's lock comes after a record's or a
   * static role's, never before it.
   *
   * @param allows what to ask of the configuration; empty where there is none
   */
  public boolean writeWhile(Predicate<Optional<MountConfig>> allows, StepTrail.Body write)
      throws InterruptedException {
    try (var _ = locks.share(mountUuid, "config")) {
      boolean allowed = allows.test(storage.config().get());
      if (allowed) {
        write.run();
      }
      return allowed;
    }
  }

  /**
   * Writes a record, whose lock this task holds, if the configuration allows it, which does not
   * change meanwhile; returns whether it did.
   *
   * @param seen a configuration that allows it, as it came along; where it is still the same,
   *     nobody has to ask
   * @param allows as in {@link #writeWhile}
   */
  boolean announce(
      ClientKey key,
      ClientRecord record,
      Optional<Storage.Seen> seen,
      Predicate<Optional<MountConfig>> allows)
      throws InterruptedException {
    if (seen.isPresent()) {
      try (var _ = locks.share(mountUuid, "config")) {
        if (put(key, record, (entry, client) -> entry.putWhile(seen.get(), client))) {
          return true;
        }
      }
    }
    return writeWhile(allows, () -> put(key, record));
  }

  /** Removes a record, whose lock this task holds, and whose client is gone. */
  public void remove(ClientKey key) throws InterruptedException {
    try {
      storage.client(key).delete();
    } catch (StorageException e) {
      doubt(key, e);
      throw e;
    } catch (InterruptedException e) {
      clientQueue.doubtful(key);
      throw e;
    }
    clientQueue.removed(key);
    clientQueue.goneLately().removed(key);
  }

  /**
   * Tells that a client is gone, and forgets it unless a lost attempt may have made another one.
   *
   * @param found whether Genesys did not have it any more, so that nobody saw its log-in go
   */
  void gone(ClientKey key, ClientRecord client, Instant now, boolean found)
      throws InterruptedException {
    var seen = client.deactivated();
    history().tell(key, client, seen == null && !found ? now : seen, now, found && seen == null);
    if (client.mayHaveStrays()) {
      // However long ago that was: nobody has looked for it since.
      put(key, client.searching());
    } else {
      remove(key);
    }
  }

  private void doubt(ClientKey key, StorageException failure) {
    if (failure.mayHaveWritten()) {
      clientQueue.doubtful(key);
    }
  }
}
