package dev.genesysvault.client;

import dev.genesysvault.client.LeaseRevocation.Promise;
import dev.genesysvault.client.RemovalCalls.Result.Absent;
import dev.genesysvault.client.RemovalCalls.Result.Did;
import dev.genesysvault.client.RemovalCalls.Result.Failed;
import dev.genesysvault.client.RemovalCalls.Result.Foreign;
import dev.genesysvault.client.RevokeOutcome.Deferred;
import dev.genesysvault.client.RevokeOutcome.Gone;
import dev.genesysvault.client.RevokeOutcome.Guarded;
import dev.genesysvault.client.RevokeOutcome.NotVisibleYet;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try to end the client of a lease that is revoked. The record's lock is held. */
final class RevokeAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(RevokeAttempt.class);

  /** A revoke that would take longer is left to the background session. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String HIDDEN = "Genesys does not show the client yet";

  private final Rules rules;
  private final LeaseData lease;
  private final Optional<ClientRecord> stored;
  private final boolean unreadable;
  private final ClientRecord client;

  /** Whether this process saw that the client is gone, and removed its record. */
  private final boolean ended;

  private final Actor actor;
  private final ClientRecords records;
  private final Deadline deadline;

  /**
   * Rules for all leases.
   *
   * @param once how often an unavailable Genesys is asked where the rest may be left for later
   * @param again how often where nothing may be left undone
   */
  record Rules(Time time, Delays delays, Retry once, Retry again) {}

  /**
   * Makes one.
   *
   * @param stored the client's record; empty where there is none, or none that can be read
   * @param unreadable whether there is one that cannot be read, which stays as it is
   */
  RevokeAttempt(
      Rules rules,
      LeaseData lease,
      Instant issued,
      Optional<ClientRecord> stored,
      boolean unreadable,
      Actor actor,
      ClientRecords records,
      Deadline deadline) {
    this.rules = rules;
    this.lease = lease;
    this.stored = stored;
    this.unreadable = unreadable;
    this.client = stored.orElseGet(() -> lease.retiringRecord(issued));
    this.actor = actor;
    this.records = records;
    this.deadline = deadline;
    this.ended =
        stored.isEmpty() && !unreadable && records.clientQueue().goneLately().has(lease.key());
  }

  /** Returns why the client must not be touched by this mount. */
  Optional<String> forbidden() throws InterruptedException {
    var why = stored.flatMap(record -> actor.disowns(lease.key(), record));
    return why.isPresent() ? why : actor.keepsForStaticRole(lease.clientId());
  }

  /** Leaves to the background session whatever cannot be done at once. */
  RevokeOutcome deferred() throws InterruptedException {
    if (stored.isPresent() && LeaseRevocation.leaving(client)) {
      return new Deferred();
    }
    var unreachable = actor.cannotReach(lease.clientId(), client.organizationId());
    if (unreachable.isPresent()) {
      if (stored.isEmpty()) {
        return leftWithItsOrganization();
      }
      records.put(
          lease.key(), LeaseRevocation.onItsWay(client, lease.clientId()).stuck(unreachable.get()));
      return new Deferred();
    }
    if (records.clientQueue().pressed()) {
      return defer("");
    }
    var removal = new RemovalCalls(actor.genesys().clients(), actor.mark(), rules.once());
    var patience = deadline.atMost(PATIENCE);
    return switch (deactivate(removal, patience)) {
      case Did _ -> deleteOrDefer(removal, patience);
      case Absent _ -> absent() ? gone(true) : defer(HIDDEN);
      case Foreign(var name) -> foreign(name);
      case Failed(var failure) -> defer(failure.explanation());
    };
  }

  /**
   * A record goes after its client, and an organisation goes after all records but those that an
   * operator chose to keep: this client went before, and only the answer to Vault was lost.
   */
  private RevokeOutcome leftWithItsOrganization() {
    LOG.atInfo()
        .addKeyValue("key", lease.key())
        .addKeyValue("client_id", lease.clientId())
        .addKeyValue("organization_id", client.organizationId())
        .log("a client was decommissioned before its mount left the organisation");
    return new Gone();
  }

  private RevokeOutcome deleteOrDefer(RemovalCalls removal, Deadline patience)
      throws InterruptedException {
    // It logs in no more: the deletion waits for nobody's turn.
    var context = new CallContext(Lane.DELETE, patience).turnWithin(RemovalCalls.DELETION_TURN);
    return switch (removal.delete(lease.clientId(), context)) {
      case Did _ -> gone(false);
      case Absent _ when absent() -> gone(false);
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

  private RevokeOutcome defer(String error) throws InterruptedException {
    return announce(error) ? new Deferred() : leftWithItsOrganization();
  }

  /**
   * Ends the client within this request, or says why not. Before that the record says that it has
   * to go: whatever Vault makes of the answer, the background session goes on.
   */
  RevokeOutcome now(Promise promise) throws InterruptedException {
    var unreachable = actor.cannotReach(lease.clientId(), client.organizationId());
    if (unreachable.isPresent()) {
      return elsewhere(unreachable.get());
    }
    if (stored.isPresent() && !LeaseRevocation.leaving(client)) {
      var _ = announce("");
      // Its lock is held until then, and who waits for it keeps others waiting.
      records.clientQueue().postponed(lease.key(), "", rules.time().now().plus(deadline.left()));
    }
    var removal = new RemovalCalls(actor.genesys().clients(), actor.mark(), rules.again());
    var ended =
        switch (deactivate(removal, deadline)) {
          case Did _ -> delete(removal, promise);
          case Absent _ -> absent() ? gone(removal, promise, true) : new NotVisibleYet(true);
          case Foreign(var name) -> foreign(name);
          case Failed(var failure) -> new RevokeOutcome.Failed(failure, true);
        };
    return switch (ended) {
      case RevokeOutcome.Failed(var failure, _) ->
          unfinished(failure.explanation(), goesOn -> new RevokeOutcome.Failed(failure, goesOn));
      case NotVisibleYet _ -> unfinished(HIDDEN, NotVisibleYet::new);
      case Gone _, Deferred _, Guarded _, RevokeOutcome.Broken _ -> ended;
    };
  }

  private RevokeOutcome elsewhere(String unreachable) throws InterruptedException {
    if (unreadable) {
      return new Guarded(unreachable);
    }
    if (stored.isEmpty()) {
      return leftWithItsOrganization();
    }
    if (!LeaseRevocation.leaving(client)) {
      records.put(
          lease.key(), LeaseRevocation.onItsWay(client, lease.clientId()).stuck(unreachable));
    }
    return new Guarded(unreachable);
  }

  /** Has the background go on with what is left; {@code outcome} is told whether it can. */
  private RevokeOutcome unfinished(String error, Function<Boolean, RevokeOutcome> outcome)
      throws InterruptedException {
    if (unreadable) {
      return outcome.apply(false);
    }
    if (stored.isEmpty() && !announce(error)) {
      return leftWithItsOrganization();
    }
    records.clientQueue().failed(lease.key(), error);
    return outcome.apply(true);
  }

  /** Writes down that it has to go; returns whether it did. */
  private boolean announce(String error) throws InterruptedException {
    return put(LeaseRevocation.onItsWay(client, lease.clientId()).retiring(error));
  }

  /**
   * Writes the record; where there was none, not for an organisation that the mount has left since
   * this began: nothing but records keeps it from leaving.
   */
  private boolean put(ClientRecord record) throws InterruptedException {
    if (stored.isPresent()) {
      records.put(lease.key(), record);
      return true;
    }
    var of = client.organizationId();
    return records.writeWhile(
        config -> config.map(MountConfig::organization).filter(it -> !it.id().equals(of)).isEmpty(),
        () -> records.put(lease.key(), record));
  }

  /**
   * What becomes of a client whose revoke met a bug: whatever was done, it has to go.
   *
   * @param promise what the revoke may leave undone
   */
  RevokeOutcome broken(Promise promise) throws InterruptedException {
    if (unreadable) {
      return new RevokeOutcome.Broken(false);
    }
    if (records.get(lease.key()).filter(LeaseRevocation::leaving).isEmpty()) {
      var _ = announce(LeaseRevocation.BUG);
    }
    records.clientQueue().failed(lease.key(), LeaseRevocation.BUG);
    return promise == Promise.DEFERRED ? new Deferred() : new RevokeOutcome.Broken(true);
  }

  private RevokeOutcome delete(RemovalCalls removal, Promise promise) throws InterruptedException {
    return switch (removal.delete(lease.clientId(), new CallContext(Lane.DELETE, deadline))) {
      case Did _ -> gone(removal, promise, false);
      case Absent _ when absent() -> gone(removal, promise, false);
      case Absent _ -> {
        rememberDead(HIDDEN);
        yield promise == Promise.FINAL ? dying(removal, HIDDEN) : new NotVisibleYet(true);
      }
      case Foreign(var name) -> foreign(name);
      case Failed(var failure) -> {
        rememberDead(failure.explanation());
        yield promise == Promise.FINAL
            ? dying(removal, failure.explanation())
            : new RevokeOutcome.Failed(failure, true);
      }
    };
  }

  /** The mount forgets everything soon: Genesys is told when to delete the client itself. */
  private RevokeOutcome dying(RemovalCalls removal, String reason) throws InterruptedException {
    new FinalRevoke(removal, actor, rules.time()).leave(lease.clientId(), client, reason, deadline);
    return strays(removal).orElseGet(Gone::new);
  }

  /** Returns why what lost attempts made may live on; empty where it does not. */
  private Optional<RevokeOutcome> strays(RemovalCalls removal) throws InterruptedException {
    if (!mayHaveStrays()) {
      return Optional.empty();
    }
    return new FinalRevoke(removal, actor, rules.time())
        .strays(lease.key(), lease.clientId(), rules.delays().visible(client), deadline);
  }

  /** It logs in no more, so nobody may renew its lease. */
  private void rememberDead(String error) throws InterruptedException {
    if (unreadable) {
      return;
    }
    var dead = LeaseRevocation.onItsWay(client, lease.clientId()).retiring(error);
    var _ = put(dead.deactivatedAt(rules.time().now()));
  }

  private RevokeOutcome gone(RemovalCalls removal, Promise promise, boolean found)
      throws InterruptedException {
    if (promise != Promise.FINAL || !mayHaveStrays()) {
      return gone(found);
    }
    var problem = strays(removal);
    if (problem.isPresent()) {
      return problem.get();
    }
    if (!unreadable) {
      records.remove(lease.key());
    }
    return new Gone();
  }

  /**
   * Forgets the client, unless a lost attempt may have made another one.
   *
   * @param found whether it was gone before anything was done to it
   */
  private RevokeOutcome gone(boolean found) throws InterruptedException {
    if (stored.isPresent() && names(client, lease.clientId())) {
      var leaving = LeaseRevocation.onItsWay(client, lease.clientId());
      records.gone(lease.key(), leaving, rules.time().now(), found);
    }
    return new Gone();
  }

  private RemovalCalls.Result deactivate(RemovalCalls removal, Deadline until)
      throws InterruptedException {
    if (client.deactivated() != null && lease.clientId().equals(client.clientId())) {
      return new Did();
    }
    boolean known = names(client, lease.clientId()) && !client.body().members().isEmpty();
    var body = known ? client.body().named(client.latestName()) : new ClientBody(Map.of());
    var lane = client.urgent() ? Lane.EMERGENCY : Lane.DEACTIVATE;
    return removal.deactivate(lease.key(), lease.clientId(), body, new CallContext(lane, until));
  }

  /** A lease alone does not know how often its client was asked for. */
  private boolean mayHaveStrays() {
    return !ended && client.mayHaveStrays();
  }

  /** Whether a 404 means that the client is gone, and not that it cannot be seen yet. */
  private boolean absent() {
    return ended || !rules.time().now().isBefore(rules.delays().visible(client));
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
