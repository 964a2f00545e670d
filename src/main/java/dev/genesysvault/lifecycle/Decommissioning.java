package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.lifecycle.Decommission.Gone;
import dev.genesysvault.lifecycle.Decommission.Guarded;
import dev.genesysvault.lifecycle.Decommission.NotVisibleYet;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.MountStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Ends a client: deactivates it, so that it gets no further token, then deletes it, then forgets
 * it, in this order, so that a record never disappears before its client. Works from what the lease
 * knows; the record, where it is there, saves the look at Genesys. Two calls.
 */
public final class Decommissioning {
  /**
   * How long after its creation Genesys may still answer 404 for a client that exists. Genesys' own
   * Terraform provider asks again for as long.
   */
  public static final Duration VISIBILITY_DELAY = Duration.ofMinutes(5);

  private final Time time;
  private final EntryLocks locks;
  private final Retry retry;

  /**
   * Makes the rules, for all mounts.
   *
   * @param retry how often an unavailable Genesys is asked again within one request
   */
  public Decommissioning(Time time, EntryLocks locks, Retry retry) {
    this.time = time;
    this.locks = locks;
    this.retry = retry;
  }

  /**
   * The mount that acts.
   *
   * @param ownClientId the mount's own client, which is never touched
   * @param organization that {@code genesys} was seen to reach
   */
  public record Actor(
      Mark mark, ClientId ownClientId, Organization organization, Genesys genesys) {}

  /** Decommissions the client of a lease. Safe to repeat. */
  public Decommission end(LeasedClient lease, Actor actor, MountStorage storage, Deadline deadline)
      throws InterruptedException {
    try (var _ = locks.lock(lease.mountUuid(), lease.key())) {
      var entry = storage.client(lease.key());
      var client = entry.get();
      var guard = guard(lease, actor, client);
      if (guard.isPresent()) {
        return new Guarded(guard.get());
      }
      var end = new End(lease, actor, deadline, client.map(ClientRecord::created));
      var result = client.isPresent() ? end.of(body(client.get())) : end.ofUnrecorded();
      if (result instanceof Gone && client.isPresent()) {
        entry.delete();
      }
      return result;
    }
  }

  private static ClientBody body(ClientRecord client) {
    return client.body().named(client.latestName());
  }

  private static Optional<String> guard(
      LeasedClient lease, Actor actor, Optional<ClientRecord> client) {
    if (lease.clientId().equals(actor.ownClientId())) {
      return Optional.of("client %s is the mount's own client".formatted(lease.clientId()));
    }
    if (!lease.mark().equals(actor.mark())) {
      return Optional.of(
          "client %s carries the mark %s, and this mount's is %s"
              .formatted(lease.clientId(), lease.mark(), actor.mark()));
    }
    var organization = client.map(ClientRecord::organizationId).orElse(lease.organizationId());
    if (!organization.equals(actor.organization().id())) {
      return Optional.of(
          "client %s lives in organisation %s, and config reaches %s"
              .formatted(lease.clientId(), organization, actor.organization().id()));
    }
    var recorded = client.map(ClientRecord::clientId);
    if (recorded.isPresent() && !recorded.get().equals(lease.clientId())) {
      return Optional.of(
          "the lease names client %s, and the record of %s names %s"
              .formatted(lease.clientId(), lease.key(), recorded.get()));
    }
    return Optional.empty();
  }

  /** One client's end. */
  private final class End {
    private final LeasedClient lease;
    private final Actor actor;
    private final OAuthClients clients;
    private final Deadline deadline;
    private final Instant created;

    End(LeasedClient lease, Actor actor, Deadline deadline, Optional<Instant> created) {
      this.lease = lease;
      this.actor = actor;
      this.clients = actor.genesys().clients();
      this.deadline = deadline;
      this.created = created.orElse(lease.issued());
    }

    /** Nothing is recorded: Genesys says what the client is, and whether it is ours. */
    Decommission ofUnrecorded() throws InterruptedException {
      var context = new CallContext(Lane.DEACTIVATE, deadline);
      return switch (retry.call(deadline, () -> clients.get(lease.clientId(), context))) {
        case Ok<FoundClient>(var found) when found.deleted() -> new Gone();
        case Ok<FoundClient>(var found)
            when !ClientNaming.isOurs(found.name(), actor.mark(), lease.key()) ->
            new Guarded(
                "client %s is named \"%s\", which does not carry this mount's mark and its key"
                    .formatted(lease.clientId(), found.name()));
        case Ok<FoundClient>(var found) -> of(found.body());
        case Failed<FoundClient>(var failure) -> failed(failure);
      };
    }

    Decommission of(ClientBody body) throws InterruptedException {
      var context = new CallContext(Lane.DEACTIVATE, deadline);
      var deactivated =
          retry.call(deadline, () -> clients.replace(lease.clientId(), body.inactive(), context));
      return switch (deactivated) {
        case Ok<Done> _ -> delete();
        case Failed<Done>(var failure) -> failed(failure);
      };
    }

    private Decommission delete() throws InterruptedException {
      var context = new CallContext(Lane.DELETE, deadline);
      Outcome<Done> deleted = retry.call(deadline, () -> clients.delete(lease.clientId(), context));
      return switch (deleted) {
        // It was seen a moment ago, so a 404 means that it is gone.
        case Failed<Done>(Refused refused) when refused.notFound() -> new Gone();
        case Ok<Done> _ -> new Gone();
        case Failed<Done>(var failure) -> new Decommission.Failed(failure);
      };
    }

    private Decommission failed(UpstreamFailure failure) {
      if (failure instanceof Refused refused && refused.notFound()) {
        boolean visible = time.now().isAfter(created.plus(VISIBILITY_DELAY));
        return visible ? new Gone() : new NotVisibleYet();
      }
      return new Decommission.Failed(failure);
    }
  }
}
