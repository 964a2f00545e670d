package dev.genesysvault.client;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.OAuthClients;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * The calls to Genesys at the end of one client's life: first its log-in, then itself. Each is safe
 * to repeat.
 */
public final class RemovalCalls {
  /** How long a deletion that may be done later waits for its turn. */
  public static final Duration DELETION_TURN = Duration.ofSeconds(1);

  private final OAuthClients clients;
  private final Mark mark;
  private final Retry retry;

  /**
   * Makes the calls on behalf of a mount.
   *
   * @param retry how often an unavailable Genesys is asked again at once
   */
  public RemovalCalls(OAuthClients clients, Mark mark, Retry retry) {
    this.clients = clients;
    this.mark = mark;
    this.retry = retry;
  }

  /** What came of a call. */
  public sealed interface Result {
    /** Genesys did it. */
    record Did() implements Result {}

    /** Genesys shows no such client: it is gone, or not visible yet. */
    record Absent() implements Result {}

    /**
     * The client is not one that this mount made under this key. Nothing was changed.
     *
     * @param name that it carries
     */
    record Foreign(String name) implements Result {}

    /** Genesys did not do it. */
    record Failed(UpstreamFailure failure) implements Result {}
  }

  /**
   * Takes a client's log-in away; tokens that it has live to their end.
   *
   * @param body with which it was made; without members, Genesys is asked for it, which also shows
   *     whether the client is ours
   */
  public Result deactivate(ClientKey key, ClientId id, ClientBody body, CallContext context)
      throws InterruptedException {
    if (!body.members().isEmpty()) {
      return replace(id, body.inactive(), context);
    }
    return switch (retry.call(context.deadline(), () -> clients.get(id, context))) {
      case Ok<FoundClient>(var found) when found.deleted() -> new Result.Absent();
      case Ok<FoundClient>(var found) when !ClientNaming.isOurs(found.name(), mark, key) ->
          new Result.Foreign(found.name());
      case Ok<FoundClient>(var found) -> replace(id, found.body().inactive(), context);
      case Outcome.Failed<FoundClient>(var failure) -> failed(failure);
    };
  }

  /** Deletes a client, which must be deactivated. */
  public Result delete(ClientId id, CallContext context) throws InterruptedException {
    return switch (retry.call(context.deadline(), () -> clients.delete(id, context))) {
      case Ok<Done>(var done) when done == Done.DONE -> new Result.Did();
      // Whoever answered: it is gone once Genesys shows that, and not before.
      case Ok<Done> _ -> look(id, context, "DELETE", _ -> false);
      case Outcome.Failed<Done>(var failure) -> failed(failure);
    };
  }

  /** Replaces a client's members; used where the body says more than that it is inactive. */
  Result replace(ClientId id, ClientBody body, CallContext context) throws InterruptedException {
    return switch (retry.call(context.deadline(), () -> clients.replace(id, body, context))) {
      case Ok<Done>(var done) when done == Done.DONE -> new Result.Did();
      case Ok<Done> _ -> {
        var state = body.text("state");
        yield look(id, context, "PUT", found -> found.body().text("state").equals(state));
      }
      case Outcome.Failed<Done>(var failure) -> failed(failure);
    };
  }

  /** Finds out what became of a change that nobody vouches for. */
  private Result look(ClientId id, CallContext context, String what, Predicate<FoundClient> done)
      throws InterruptedException {
    return switch (retry.call(context.deadline(), () -> clients.get(id, context))) {
      case Ok<FoundClient>(var found) when found.deleted() || done.test(found) -> new Result.Did();
      case Ok<FoundClient>(var found) ->
          new Result.Failed(
              new Unproven(
                  what + " /api/v2/oauth/clients/{clientId}",
                  "client %s is still %s; does a gateway answer in Genesys' place?"
                      .formatted(id, found.body().text("state")),
                  UpstreamFailure.NO_CORRELATION_ID));
      case Outcome.Failed<FoundClient>(var failure) -> failed(failure);
    };
  }

  private static Result failed(UpstreamFailure failure) {
    return failure instanceof Refused refused && refused.notFound()
        ? new Result.Absent()
        : new Result.Failed(failure);
  }
}
