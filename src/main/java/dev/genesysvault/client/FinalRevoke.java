package dev.genesysvault.client;

import dev.genesysvault.client.RemovalCalls.Result.Absent;
import dev.genesysvault.client.RemovalCalls.Result.Did;
import dev.genesysvault.client.RemovalCalls.Result.Failed;
import dev.genesysvault.client.RemovalCalls.Result.Foreign;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.Searched;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a revoke does when its mount is being disabled, and there is no later: Vault wipes the
 * mount's storage once every lease is revoked.
 */
final class FinalRevoke {
  private static final Logger LOG = LoggerFactory.getLogger(FinalRevoke.class);
  private static final Duration UNTIL_DELETION = Duration.ofDays(1);

  private final RemovalCalls removal;
  private final Actor actor;
  private final Time time;

  FinalRevoke(RemovalCalls removal, Actor actor, Time time) {
    this.removal = removal;
    this.actor = actor;
    this.time = time;
  }

  /**
   * Leaves a client behind that logs in no more and could not be deleted: Genesys is asked to
   * delete it itself, and the log says which one it is.
   *
   * @param client its record
   */
  void leave(ClientId id, ClientRecord client, String reason, Deadline deadline)
      throws InterruptedException {
    var body =
        client.body().members().isEmpty()
            ? client.body()
            : client.body().named(client.latestName());
    leave(id, body, reason, deadline);
  }

  private void leave(ClientId id, ClientBody body, String reason, Deadline deadline)
      throws InterruptedException {
    boolean told = false;
    if (!body.members().isEmpty()) {
      var dying = body.deletedAt(time.now().plus(UNTIL_DELETION).truncatedTo(ChronoUnit.SECONDS));
      var context = new CallContext(Lane.DELETE, deadline);
      told = removal.replace(id, dying, context) instanceof Did;
    }
    LOG.atWarn()
        .addKeyValue("client_id", id)
        .addKeyValue("mount", actor.mark())
        .addKeyValue("genesys_deletes_it", told)
        .addKeyValue("reason", reason)
        .log("a client of a mount that is being disabled is deactivated and not deleted");
  }

  /**
   * Ends what attempts made whose answers were lost.
   *
   * @param leased the client that the lease knows, which is dealt with
   * @param visible when whatever they made has become visible
   * @return why that was not possible; empty where nothing of them lives
   */
  Optional<RevokeOutcome> strays(ClientKey key, ClientId leased, Instant visible, Deadline deadline)
      throws InterruptedException {
    var context = new CallContext(Lane.DEACTIVATE, deadline);
    Predicate<ListedClient> stray =
        found ->
            !found.deleted()
                && !found.id().equals(leased)
                && ClientNaming.isOurs(found.name(), actor.mark(), key);
    return switch (actor.genesys().clients().search(stray, context)) {
      case Outcome.Failed<Searched>(var failure) ->
          Optional.of(new RevokeOutcome.Failed(failure, true));
      case Ok<Searched>(var searched) -> {
        var problem = end(key, searched.found(), deadline);
        yield problem.isEmpty() ? unseen(searched, visible) : problem;
      }
    };
  }

  /** Returns why there may be more than what the list showed; empty where there is not. */
  private static Optional<RevokeOutcome> unseen(Searched searched, Instant visible) {
    if (!searched.conclusive()) {
      return Optional.of(
          new RevokeOutcome.Failed(
              new UpstreamFailure.Unavailable(
                  "GET /api/v2/oauth/clients", searched.doubt(), UpstreamFailure.NO_CORRELATION_ID),
              true));
    }
    return searched.begun().isBefore(visible)
        ? Optional.of(new RevokeOutcome.NotVisibleYet(true))
        : Optional.empty();
  }

  private Optional<RevokeOutcome> end(ClientKey key, List<ListedClient> strays, Deadline deadline)
      throws InterruptedException {
    for (var stray : strays) {
      var problem = end(key, stray, deadline);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private Optional<RevokeOutcome> end(ClientKey key, ListedClient stray, Deadline deadline)
      throws InterruptedException {
    // A list may leave members out, and a PUT replaces all.
    var whole = new ClientBody(Map.of());
    return switch (removal.deactivate(
        key, stray.id(), whole, new CallContext(Lane.DEACTIVATE, deadline))) {
      case Absent _ -> Optional.empty();
      case Foreign(var name) ->
          Optional.of(
              new RevokeOutcome.Guarded("client %s is named \"%s\"".formatted(stray.id(), name)));
      case Failed(var failure) -> Optional.of(new RevokeOutcome.Failed(failure, true));
      case Did _ -> {
        if (removal.delete(stray.id(), new CallContext(Lane.DELETE, deadline))
            instanceof Failed(var failure)) {
          leave(stray.id(), whole, failure.explanation(), deadline);
        }
        yield Optional.empty();
      }
    };
  }
}
