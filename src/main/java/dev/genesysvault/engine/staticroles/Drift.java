package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.upstream.FoundClient;
import java.time.Duration;
import java.util.List;

/** What became of a static role's present client at Genesys since it was made. One call. */
public final class Drift {
  /** Whoever looks at a status does not wait longer for Genesys than this. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Connections connections;
  private final MountStaticRoles staticRoles;

  public Drift(Connections connections, MountStaticRoles staticRoles) {
    this.connections = connections;
    this.staticRoles = staticRoles;
  }

  /**
   * What was seen.
   *
   * @param differences each as a sentence; none where the client is as it was asked for
   * @param error why nothing is known; empty where it is
   */
  record Seen(List<String> differences, String error) {
    private static Seen unknown(String why) {
      return new Seen(List.of(), why);
    }
  }

  /** Looks at a client, of which this mount asked for that body. */
  Seen of(Request request, ClientId id, StaticClient generation) throws InterruptedException {
    try {
      var reached = connections.reach(request);
      if (!reached.organization().id().equals(generation.organizationId())) {
        return Seen.unknown(
            "the client lives in organisation %s, and config reaches %s"
                .formatted(generation.organizationId(), reached.organization().id()));
      }
      var context = new CallContext(Lane.LOOK, request.deadline().atMost(PATIENCE));
      var look = reached.genesys().clients().get(id, context);
      staticRoles
          .present(request.mount().uuid())
          .saw(request.capture("name"), id, look, request.events());
      return switch (look) {
        case Ok<FoundClient>(var found) when !found.deleted() ->
            new Seen(generation.body().differences(found.body()), "");
        case Ok<FoundClient> _ -> gone(request, id);
        case Failed<FoundClient>(Refused refused) when refused.notFound() -> gone(request, id);
        case Failed<FoundClient>(var failure) -> Seen.unknown(failure.explanation());
      };
    } catch (RefusedException e) {
      return Seen.unknown(String.valueOf(e.getMessage()));
    }
  }

  private static Seen gone(Request request, ClientId id) {
    return new Seen(
        List.of(
            "Genesys has no client %s any more, so static-creds/%s does not log in: write %srotate-role/%s for another one"
                .formatted(
                    id, request.capture("name"), request.mount().path(), request.capture("name"))),
        "");
  }
}
