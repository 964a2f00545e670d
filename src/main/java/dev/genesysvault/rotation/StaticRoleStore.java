package dev.genesysvault.rotation;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.KeyedLocks;
import dev.genesysvault.storage.Entry;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.storage.StorageException;
import java.util.List;
import java.util.Optional;

/**
 * The static roles of one mount and their credentials, as long as a stream lends the storage. What
 * is written here is known to the mount's {@link RotationQueue} at once.
 */
public final class StaticRoleStore {
  private final ClientRecords records;
  private final EntryLocks locks;
  private final RotationQueue queue;
  private final PresentClients present;
  private final OpenDestinations destinations;

  /**
   * Opens the static roles of a mount.
   *
   * @param records where a client that has to go is written down
   */
  public StaticRoleStore(
      ClientRecords records,
      EntryLocks locks,
      RotationQueue queue,
      PresentClients present,
      OpenDestinations destinations) {
    this.records = records;
    this.locks = locks;
    this.queue = queue;
    this.present = present;
    this.destinations = destinations;
  }

  /** Returns the mount's destinations, as far as they are open. */
  public OpenDestinations destinations() {
    return destinations;
  }

  /** Returns what was last seen of present clients. */
  public PresentClients present() {
    return present;
  }

  /** Returns the mount's queue. */
  public RotationQueue queue() {
    return queue;
  }

  /** Returns the records of clients that have to go. */
  public ClientRecords records() {
    return records;
  }

  /** Returns Vault's uuid of the mount. */
  public String mountUuid() {
    return records.mountUuid();
  }

  /** Returns all that the mount keeps. */
  public MountStorage storage() {
    return records.storage();
  }

  /** Waits until a static role and its credential are this task's. Not re-entrant. */
  public KeyedLocks.Held lock(String name) throws InterruptedException {
    return locks.lock(mountUuid(), "static-creds/" + name);
  }

  /** Waits until nobody else adopts that client; before a role's lock, never after it. */
  public KeyedLocks.Held lockImport(ClientId id) throws InterruptedException {
    return locks.lock(mountUuid(), "imports/" + id);
  }

  /**
   * Waits until nobody else says which role writes where, nor takes a destination away; after a
   * role's lock, never before it.
   */
  public KeyedLocks.Held lockPlaces() throws InterruptedException {
    return locks.lock(mountUuid(), "destinations/");
  }

  /** Returns the names of all credentials, sorted. */
  public List<String> names() throws InterruptedException {
    return storage().staticCredentials().names();
  }

  /** Whether the mount is being drained: asked afresh, since that can be called off. */
  boolean drained() throws InterruptedException {
    return storage().drain().get().isPresent();
  }

  /** Returns what a role says. */
  public Optional<StaticRole> role(String name) throws InterruptedException {
    return storage().staticRoles().entry(name).get();
  }

  /** Returns a role's credential. */
  public Optional<StaticCredential> get(String name) throws InterruptedException {
    return entry(name).get();
  }

  /** Writes a credential from a request, which holds the role's lock: the session looks at it. */
  public void put(String name, StaticCredential credential) throws InterruptedException {
    stored(name, credential);
    queue.changed(name);
    queue.wrote(name, RoleSummary.of(credential));
  }

  /** Writes a credential from the session itself. */
  void write(String name, StaticCredential credential) throws InterruptedException {
    stored(name, credential);
    queue.wrote(name, RoleSummary.of(credential));
  }

  /** A write that was cut may have been done or not: until it is read, nobody trusts either. */
  private void stored(String name, StaticCredential credential) throws InterruptedException {
    try {
      entry(name).put(credential);
    } catch (StorageException e) {
      if (e.mayHaveWritten()) {
        queue.doubtful(name);
      }
      throw e;
    } catch (InterruptedException e) {
      queue.doubtful(name);
      throw e;
    }
  }

  /** Takes note of what is stored, where nobody knew that. */
  void read(RotationItem item, StaticCredential stored) {
    if (item.unknown()) {
      queue.wrote(item.name, RoleSummary.of(stored));
    }
  }

  /** Removes a role and, last, its credential, which says until then that it has to go. */
  void remove(String name) throws InterruptedException {
    storage().staticRoles().entry(name).delete();
    entry(name).delete();
    present.changed(name);
  }

  private Entry<StaticCredential> entry(String name) {
    return storage().staticCredentials().entry(name);
  }
}
