package dev.genesysvault.client;

import dev.genesysvault.client.RevokeOutcome.Deferred;
import dev.genesysvault.client.RevokeOutcome.Guarded;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.DecommissionedClient;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Delays;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the client of a lease that Vault revokes: deactivates it, so that it gets no further token,
 * then deletes it, then forgets it, in this order, so that a record never disappears before its
 * client. Works from what the lease knows; the record, where it is there, saves the look at
 * Genesys. Two calls. What cannot be done now is left to the background session, where that is
 * allowed.
 */
public final class LeaseRevocation {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRevocation.class);

  /** What ended a client whose lease was revoked. */
  static final String REVOKE = DecommissionedClient.REVOKE;

  /** What a record says whose revoke met a bug. */
  static final String BUG = "internal error in the sidecar: see its log";

  private final RevokeAttempt.Rules rules;

  /**
   * Makes the rules, for all mounts.
   *
   * @param again how often an unavailable Genesys is asked again by a revoke that must not be left
   *     undone
   */
  public LeaseRevocation(Time time, Delays delays, Retry again) {
    this.rules = new RevokeAttempt.Rules(time, delays, new Retry(time, again.backoff(), 1), again);
  }

  /** What a revoke may leave undone. */
  public enum Promise {
    /** Everything: the client's record says that it has to go. */
    DEFERRED,
    /**
     * Nothing that Vault is not told: its lease stays until the client is gone. What is done is the
     * same, and goes on whatever becomes of the lease.
     */
    STRICT,
    /** The deletion: storage is about to be wiped, and the client must be dead by then. */
    FINAL
  }

  /**
   * Ends the client of a lease. Safe to repeat.
   *
   * @param issued when Vault leased it
   */
  public RevokeOutcome end(
      LeaseData lease,
      Instant issued,
      Promise promise,
      Actor actor,
      ClientRecords records,
      Deadline deadline)
      throws InterruptedException {
    var forbidden = actor.forbids(lease.key(), lease.clientId(), lease.mark());
    if (forbidden.isPresent()) {
      return new Guarded(forbidden.get());
    }
    try (var _ = records.lock(lease.key())) {
      return ended(lease, issued, promise, actor, records, deadline);
    } catch (StorageException e) {
      // A node that may not write forwards the request to one that may.
      if (e.kind() != Kind.READ_ONLY && e.kind() != Kind.SETUP) {
        records.clientQueue().unwanted(lease.key());
      }
      throw e;
    } catch (InterruptedException e) {
      records.clientQueue().unwanted(lease.key());
      throw e;
    }
  }

  private RevokeOutcome ended(
      LeaseData lease,
      Instant issued,
      Promise promise,
      Actor actor,
      ClientRecords records,
      Deadline deadline)
      throws InterruptedException {
    Optional<ClientRecord> stored = Optional.empty();
    boolean unreadable = false;
    try {
      stored = records.get(lease.key());
    } catch (StorageException e) {
      if (e.kind() != Kind.UNREADABLE) {
        throw e;
      }
      unreadable = true;
      LOG.atError()
          .addKeyValue("mount", records.mountUuid())
          .addKeyValue("key", lease.key())
          .addKeyValue("client_id", lease.clientId())
          .addKeyValue("reason", e.getMessage())
          .log("a client's record cannot be read and stays; its lease tells what to end");
    }
    if (stored.isPresent() && contradicts(stored.get(), lease.clientId())) {
      return contradiction(lease, stored.get());
    }
    var end = new RevokeAttempt(rules, lease, issued, stored, unreadable, actor, records, deadline);
    var kept = end.forbidden();
    if (kept.isPresent()) {
      return new Guarded(kept.get());
    }
    try {
      // What cannot be read cannot say that its client has to go.
      return promise == Promise.DEFERRED && !unreadable ? end.deferred() : end.now(promise);
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException | Error bug) {
      Fatal.check(bug);
      LOG.atError()
          .addKeyValue("mount", records.mountUuid())
          .addKeyValue("key", lease.key())
          .addKeyValue("client_id", lease.clientId())
          .setCause(bug)
          .log("a revoke met a bug; the background session ends the client");
      return end.broken(promise);
    }
  }

  /**
   * Leaves the client of a lease to the background session, since the mount cannot act now: it has
   * no configuration, or does not know yet which organisation that reaches.
   *
   * @param issued when Vault leased it
   * @param reason one sentence
   */
  public RevokeOutcome defer(LeaseData lease, Instant issued, String reason, ClientRecords records)
      throws InterruptedException {
    var mark = records.storage().mount().get().map(MountMark::mark);
    if (mark.isEmpty() || !mark.get().equals(lease.mark())) {
      return new Guarded(
          "client %s carries the mark %s, which is not this mount's"
              .formatted(lease.clientId(), lease.mark()));
    }
    try (var _ = records.lock(lease.key())) {
      var stored = records.get(lease.key());
      if (stored.isPresent() && leaving(stored.get())) {
        return new Deferred();
      }
      var client = stored.orElseGet(() -> lease.retiringRecord(issued));
      if (contradicts(client, lease.clientId())) {
        return contradiction(lease, client);
      }
      records.put(lease.key(), onItsWay(client, lease.clientId()).retiring(reason));
      return new Deferred();
    }
  }

  static boolean leaving(ClientRecord client) {
    return client.state() == State.RETIRING || client.state() == State.STUCK;
  }

  private static Guarded contradiction(LeaseData lease, ClientRecord client) {
    return new Guarded(
        "the lease names client %s, and the record of %s names %s"
            .formatted(lease.clientId(), lease.key(), client.clientId()));
  }

  /** A record whose last write was lost may not know yet what the lease knows. */
  static ClientRecord onItsWay(ClientRecord client, ClientId leased) {
    var known = client.endedBy(REVOKE);
    return known.state() == State.CREATING ? known.found(leased, known.body()) : known;
  }

  /** A record on its way out may name what a lost attempt made; one that is handed out may not. */
  private static boolean contradicts(ClientRecord client, ClientId leased) {
    return client.state() == State.ISSUED && !leased.equals(client.clientId());
  }
}
