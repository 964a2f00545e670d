package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.KeyedLocks;
import dev.genesysvault.resilience.Locks;

/**
 * One lock for each storage entry of each mount: who writes shared state holds its entry's lock,
 * and who relies on what it says while writing something else shares it.
 */
public final class EntryLocks {
  private final KeyedLocks<EntryOfMount> locks;

  /** Makes a set of free locks. */
  public EntryLocks(Locks locks) {
    this.locks = new KeyedLocks<>(locks);
  }

  private record EntryOfMount(String mountUuid, String key) {}

  /** Waits until the entry is this task's alone. Not re-entrant. */
  public KeyedLocks.Held lock(String mountUuid, String key) throws InterruptedException {
    return locks.lock(new EntryOfMount(mountUuid, key));
  }

  /** Waits until nobody changes the entry, which nobody does then until this is freed. */
  public KeyedLocks.Held share(String mountUuid, String key) throws InterruptedException {
    return locks.share(new EntryOfMount(mountUuid, key));
  }

  /** Waits until the record of a client is this task's. */
  public KeyedLocks.Held lock(String mountUuid, ClientKey key) throws InterruptedException {
    return lock(mountUuid, "clients/" + key);
  }
}
