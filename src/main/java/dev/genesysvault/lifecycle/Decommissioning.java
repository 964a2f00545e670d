package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
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
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.MountStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
      var end = new End(lease, actor, deadline, client);
      if (client.isEmpty()) {
        return end.ofUnrecorded();
      }
      var result = end.ofRecorded(client.get());
      if (result instanceof Gone) {
        entry.delete();
      } else if (end.deactivated && client.get().state() == State.ISSUED) {
        // It logs in no more, so nobody may renew its lease, and a 404 from now on means gone.
        entry.put(client.get().retiring());
      }
      return result;
    }
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
    private final boolean retiring;
    private boolean deactivated;

    End(LeasedClient lease, Actor actor, Deadline deadline, Optional<ClientRecord> client) {
      this.lease = lease;
      this.actor = actor;
      this.clients = actor.genesys().clients();
      this.deadline = deadline;
      this.created = client.map(ClientRecord::created).orElse(lease.issued());
      this.retiring = client.filter(record -> record.state() == State.RETIRING).isPresent();
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
        case Ok<FoundClient>(var found) -> of(found.id(), found.body());
        case Failed<FoundClient>(var failure) -> failed(failure);
      };
    }

    Decommission ofRecorded(ClientRecord client) throws InterruptedException {
      var result = of(lease.clientId(), client.body().named(client.latestName()));
      return result instanceof Gone && client.names().size() > 1 ? strays(client) : result;
    }

    /** An attempt whose answer was lost may have made a client that the list showed too late. */
    private Decommission strays(ClientRecord client) throws InterruptedException {
      var context = new CallContext(Lane.DEACTIVATE, deadline);
      switch (retry.call(deadline, () -> clients.list(context))) {
        case Failed<List<FoundClient>>(var failure) -> {
          return new Decommission.Failed(failure);
        }
        case Ok<List<FoundClient>>(var all) -> {
          for (var found : all) {
            var end = isStray(found, client) ? whole(found) : new Gone();
            if (!(end instanceof Gone)) {
              return end;
            }
          }
        }
      }
      return pastVisibilityDelay() ? new Gone() : new NotVisibleYet();
    }

    private static boolean isStray(FoundClient found, ClientRecord client) {
      return !found.deleted()
          && client.names().stream().map(ClientName::value).anyMatch(found.name()::equals);
    }

    /** A list may leave members out, and a PUT replaces all. */
    private Decommission whole(FoundClient listed) throws InterruptedException {
      var context = new CallContext(Lane.DEACTIVATE, deadline);
      return switch (retry.call(deadline, () -> clients.get(listed.id(), context))) {
        case Ok<FoundClient>(var found) -> of(found.id(), found.body());
        case Failed<FoundClient>(var failure) -> failed(failure);
      };
    }

    private Decommission of(ClientId id, ClientBody body) throws InterruptedException {
      var context = new CallContext(Lane.DEACTIVATE, deadline);
      return switch (retry.call(deadline, () -> clients.replace(id, body.inactive(), context))) {
        case Ok<Done> _ -> {
          deactivated = true;
          yield delete(id);
        }
        case Failed<Done>(var failure) -> failed(failure);
      };
    }

    private Decommission delete(ClientId id) throws InterruptedException {
      var context = new CallContext(Lane.DELETE, deadline);
      Outcome<Done> deleted = retry.call(deadline, () -> clients.delete(id, context));
      return switch (deleted) {
        // It was seen a moment ago, so a 404 means that it is gone.
        case Failed<Done>(Refused refused) when refused.notFound() -> new Gone();
        case Ok<Done> _ -> new Gone();
        case Failed<Done>(var failure) -> new Decommission.Failed(failure);
      };
    }

    private Decommission failed(UpstreamFailure failure) {
      if (failure instanceof Refused refused && refused.notFound()) {
        return retiring || pastVisibilityDelay() ? new Gone() : new NotVisibleYet();
      }
      return new Decommission.Failed(failure);
    }

    private boolean pastVisibilityDelay() {
      return time.now().isAfter(created.plus(VISIBILITY_DELAY));
    }
  }
}
