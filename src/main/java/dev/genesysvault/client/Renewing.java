package dev.genesysvault.client;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;

/** Moves a client's deadline when its lease is renewed: one storage write, no call to Genesys. */
public final class Renewing {
  private final Time time;

  /** Makes the rules, for all mounts. */
  public Renewing(Time time) {
    this.time = time;
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
  public Renewal renew(ClientKey key, Duration longest, ClientRecords records)
      throws InterruptedException {
    try (var _ = records.lock(key)) {
      var client = records.get(key);
      if (client.isEmpty() || client.get().state() != State.ISSUED) {
        return Renewal.TOO_LATE;
      }
      var end = time.now().plus(longest).plus(Issuing.DEADLINE_MARGIN);
      // Never earlier than a longer renewal said before: Vault may have kept that one.
      var former = client.get().deadline();
      var deadline = former != null && former.isAfter(end) ? former : end;
      records.put(key, client.get().dueAt(deadline));
      return Renewal.RENEWED;
    }
  }
}
