package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.MountStorage;
import java.time.Duration;

/** Moves a client's deadline when its lease is renewed: one storage write, no call to Genesys. */
public final class Renewing {
  private final Time time;
  private final EntryLocks locks;

  /** Makes the rules, for all mounts. */
  public Renewing(Time time, EntryLocks locks) {
    this.time = time;
    this.locks = locks;
  }

  /** What came of a renewal. */
  public enum Renewal {
    /** The client lives on. */
    RENEWED,
    /** The client is gone, or on its way. */
    TOO_LATE
  }

  /**
   * Moves the deadline.
   *
   * @param longest the most that Vault can grant from now
   */
  public Renewal renew(String mountUuid, ClientKey key, Duration longest, MountStorage storage)
      throws InterruptedException {
    try (var _ = locks.lock(mountUuid, key)) {
      var entry = storage.client(key);
      var client = entry.get();
      if (client.isEmpty() || client.get().state() != State.ISSUED) {
        return Renewal.TOO_LATE;
      }
      var end = time.now().plus(longest).plus(Issuing.DEADLINE_MARGIN);
      // Never earlier than a longer renewal said before: Vault may have kept that one.
      var former = client.get().deadline();
      entry.put(client.get().dueAt(former != null && former.isAfter(end) ? former : end));
      return Renewal.RENEWED;
    }
  }
}
