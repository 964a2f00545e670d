package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.lifecycle.Decommission.Deferred;
import dev.genesysvault.lifecycle.Decommission.Gone;
import dev.genesysvault.lifecycle.Decommission.Guarded;
import dev.genesysvault.lifecycle.Decommission.NotVisibleYet;
import dev.genesysvault.lifecycle.Removal.Result.Absent;
import dev.genesysvault.lifecycle.Removal.Result.Did;
import dev.genesysvault.lifecycle.Removal.Result.Failed;
import dev.genesysvault.lifecycle.Removal.Result.Foreign;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.MountState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
public final class Decommissioning {
  /** A revoke that would take longer is left to the background session. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Decommissioning.class);
  private static final String HIDDEN = "Genesys does not show the client yet";

  private final Time time;
  private final Delays delays;
  private final Retry once;
  private final Retry again;

  /**
   * Makes the rules, for all mounts.
   *
   * @param again how often an unavailable Genesys is asked again by a revoke that must not be left
   *     undone
   */
  public Decommissioning(Time time, Delays delays, Retry again) {
    this.time = time;
    this.delays = delays;
    this.again = again;
    this.once = new Retry(time, again.backoff(), 1);
  }

  /** What a revoke may leave undone. */
  public enum Promise {
    /** Everything: the client's record says that it has to go. */
    DEFERRED,
    /** Nothing: Vault keeps the lease until the client is gone. */
    STRICT,
    /** The deletion: storage is about to be wiped, and the client must be dead by then. */
    FINAL
  }

  /**
   * Ends the client of a lease. Safe to repeat.
   *
   * @param issued when Vault leased it
   */
  public Decommission end(
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
      var stored = records.get(lease.key());
      if (stored.isPresent() && contradicts(stored.get(), lease.clientId())) {
        return contradiction(lease, stored.get());
      }
      var end = new End(lease, issued, stored, actor, records, deadline);
      return promise == Promise.DEFERRED ? end.deferred() : end.now(promise);
    }
  }

  /**
   * Leaves the client of a lease to the background session, since the mount cannot act now: it has
   * no configuration, or does not know yet which organisation that reaches.
   *
   * @param issued when Vault leased it
   * @param reason one sentence
   */
  public Decommission defer(LeaseData lease, Instant issued, String reason, ClientRecords records)
      throws InterruptedException {
    var mark = records.storage().mount().get().map(MountState::mark);
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

  private static boolean leaving(ClientRecord client) {
    return client.state() == State.RETIRING || client.state() == State.STUCK;
  }

  private static Guarded contradiction(LeaseData lease, ClientRecord client) {
    return new Guarded(
        "the lease names client %s, and the record of %s names %s"
            .formatted(lease.clientId(), lease.key(), client.clientId()));
  }

  /** A record whose last write was lost may not know yet what the lease knows. */
  private static ClientRecord onItsWay(ClientRecord client, ClientId leased) {
    return client.state() == State.CREATING ? client.found(leased, client.body()) : client;
  }

  /** A record on its way out may name what a lost attempt made; one that is handed out may not. */
  private static boolean contradicts(ClientRecord client, ClientId leased) {
    return client.state() == State.ISSUED && !leased.equals(client.clientId());
  }

  /** One lease's end. The record's lock is held. */
  private final class End {
    private final LeaseData lease;
    private final Optional<ClientRecord> stored;
    private final ClientRecord client;
    private final Actor actor;
    private final ClientRecords records;
    private final Deadline deadline;

    End(
        LeaseData lease,
        Instant issued,
        Optional<ClientRecord> stored,
        Actor actor,
        ClientRecords records,
        Deadline deadline) {
      this.lease = lease;
      this.stored = stored;
      this.client = stored.orElseGet(() -> lease.retiringRecord(issued));
      this.actor = actor;
      this.records = records;
      this.deadline = deadline;
    }

    /** Leaves to the background session whatever cannot be done at once. */
    Decommission deferred() throws InterruptedException {
      if (stored.isPresent() && leaving(client)) {
        return new Deferred();
      }
      var unreachable = actor.cannotReach(lease.clientId(), client.organizationId());
      if (unreachable.isPresent()) {
        if (stored.isEmpty()) {
          return leftWithItsOrganization();
        }
        records.put(lease.key(), onItsWay(client, lease.clientId()).stuck(unreachable.get()));
        return new Deferred();
      }
      if (records.backlog().pressed()) {
        return defer("");
      }
      var removal = new Removal(actor.genesys().clients(), actor.mark(), once);
      var patience = deadline.atMost(PATIENCE);
      return switch (deactivate(removal, patience)) {
        case Did _ -> deleteOrDefer(removal, patience);
        case Absent _ -> absent() ? gone() : defer(HIDDEN);
        case Foreign(var name) -> foreign(name);
        case Failed(var failure) -> defer(failure.explanation());
      };
    }

    /**
     * A record goes after its client, and an organisation goes after all records but those that an
     * operator chose to keep: this client went before, and only the answer to Vault was lost.
     */
    private Decommission leftWithItsOrganization() {
      LOG.atInfo()
          .addKeyValue("key", lease.key())
          .addKeyValue("client_id", lease.clientId())
          .addKeyValue("organization_id", client.organizationId())
          .log("a client was decommissioned before its mount left the organisation");
      return new Gone();
    }

    private Decommission deleteOrDefer(Removal removal, Deadline patience)
        throws InterruptedException {
      return switch (removal.delete(lease.clientId(), patience)) {
        case Did _ -> gone();
        case Absent _ when absent() -> gone();
        case Absent _ -> {
          rememberDead(HIDDEN);
          yield new Deferred();
        }
        case Failed(var failure) -> {
          rememberDead(failure.explanation());
          yield new Deferred();
        }
        case Foreign(var name) -> foreign(name);
      };
    }

    private Decommission defer(String error) throws InterruptedException {
      records.put(lease.key(), onItsWay(client, lease.clientId()).retiring(error));
      return new Deferred();
    }

    /** Ends the client within this request, or says why not. */
    Decommission now(Promise promise) throws InterruptedException {
      var unreachable = actor.cannotReach(lease.clientId(), client.organizationId());
      if (unreachable.isPresent()) {
        return stored.isEmpty() ? leftWithItsOrganization() : new Guarded(unreachable.get());
      }
      var removal = new Removal(actor.genesys().clients(), actor.mark(), again);
      return switch (deactivate(removal, deadline)) {
        case Did _ -> delete(removal, promise);
        case Absent _ -> absent() ? gone(removal, promise) : new NotVisibleYet();
        case Foreign(var name) -> foreign(name);
        case Failed(var failure) -> new Decommission.Failed(failure);
      };
    }

    private Decommission delete(Removal removal, Promise promise) throws InterruptedException {
      return switch (removal.delete(lease.clientId(), deadline)) {
        case Did _ -> gone(removal, promise);
        case Absent _ when absent() -> gone(removal, promise);
        case Absent _ -> {
          rememberDead(HIDDEN);
          yield promise == Promise.FINAL ? dying(removal, HIDDEN) : new NotVisibleYet();
        }
        case Foreign(var name) -> foreign(name);
        case Failed(var failure) -> {
          rememberDead(failure.explanation());
          yield promise == Promise.FINAL
              ? dying(removal, failure.explanation())
              : new Decommission.Failed(failure);
        }
      };
    }

    /** The mount forgets everything soon: Genesys is told when to delete the client itself. */
    private Decommission dying(Removal removal, String reason) throws InterruptedException {
      new FinalRevoke(removal, actor, time).leave(lease.clientId(), client, reason, deadline);
      return strays(removal).orElseGet(Gone::new);
    }

    /** Returns why what lost attempts made may live on; empty where it does not. */
    private Optional<Decommission> strays(Removal removal) throws InterruptedException {
      if (!client.mayHaveStrays()) {
        return Optional.empty();
      }
      var problem =
          new FinalRevoke(removal, actor, time)
              .strays(lease.key(), lease.clientId(), client, deadline);
      return problem.isEmpty() && time.now().isBefore(delays.visible(client))
          ? Optional.of(new NotVisibleYet())
          : problem;
    }

    /** It logs in no more, so nobody may renew its lease. */
    private void rememberDead(String error) throws InterruptedException {
      var dead = onItsWay(client, lease.clientId()).retiring(error);
      records.put(lease.key(), dead.deactivatedAt(time.now()));
    }

    private Decommission gone(Removal removal, Promise promise) throws InterruptedException {
      if (promise != Promise.FINAL || !client.mayHaveStrays()) {
        return gone();
      }
      var problem = strays(removal);
      if (problem.isPresent()) {
        return problem.get();
      }
      records.remove(lease.key());
      return new Gone();
    }

    /** Forgets the client, unless a lost attempt may have made another one. */
    private Decommission gone() throws InterruptedException {
      if (stored.isPresent() && names(client, lease.clientId())) {
        // However long ago that was: nobody has looked for it since.
        if (client.mayHaveStrays()) {
          records.put(lease.key(), client.searching());
        } else {
          records.remove(lease.key());
        }
      }
      return new Gone();
    }

    private Removal.Result deactivate(Removal removal, Deadline until) throws InterruptedException {
      if (client.deactivated() != null && lease.clientId().equals(client.clientId())) {
        return new Did();
      }
      boolean known = names(client, lease.clientId()) && !client.body().members().isEmpty();
      var body = known ? client.body().named(client.latestName()) : new ClientBody(Map.of());
      return removal.deactivate(lease.key(), lease.clientId(), body, until);
    }

    /** Whether a 404 means that the client is gone, and not that it cannot be seen yet. */
    private boolean absent() {
      return !time.now().isBefore(delays.visible(client));
    }

    private Guarded foreign(String name) {
      return new Guarded(
          "client %s is named \"%s\", which does not carry this mount's mark and its key"
              .formatted(lease.clientId(), name));
    }

    private static boolean names(ClientRecord client, ClientId id) {
      return client.clientId() == null || id.equals(client.clientId());
    }
  }
}
