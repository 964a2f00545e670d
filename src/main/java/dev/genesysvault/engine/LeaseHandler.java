package dev.genesysvault.engine;

import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.lifecycle.Decommission;
import dev.genesysvault.lifecycle.Decommissioning;
import dev.genesysvault.lifecycle.LeasedClient;
import dev.genesysvault.lifecycle.Renewing;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.MountState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renews and revokes the leases of {@code creds/<role>}; the role may be long gone. */
final class LeaseHandler implements Handler {
  private static final Duration RESERVE = Duration.ofSeconds(2);

  private final Connections connections;
  private final Renewing renewing;
  private final Decommissioning decommissioning;
  private final Time time;

  LeaseHandler(
      Connections connections, Renewing renewing, Decommissioning decommissioning, Time time) {
    this.connections = connections;
    this.renewing = renewing;
    this.decommissioning = decommissioning;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    var lease =
        request
            .lease()
            .orElseThrow(() -> new IllegalStateException("an operation on a lease has no lease"));
    var data = LeaseData.read(lease.internalData());
    return switch (request.operation()) {
      case RENEW -> renew(request, lease, data);
      case REVOKE -> revoke(request, lease, data);
      case CREATE, READ, UPDATE, DELETE, LIST, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply renew(Request request, Lease lease, LeaseData data) throws InterruptedException {
    var left = Duration.between(time.now(), lease.issued().plus(lease.maxTtl()));
    var wished = Durations.most(data.ttl(), lease.increment());
    var longest =
        lease.maxTtl().isZero()
            ? wished
            : Durations.least(wished, Durations.most(left, Duration.ZERO));
    return switch (renewing.renew(request.mount().uuid(), data.key(), longest, request.storage())) {
      case RENEWED ->
          new Reply.Content(
              Map.of(),
              List.of(),
              Optional.of(
                  new Reply.LeasedSecret(
                      lease.secretType(), Map.of(), data.ttl(), lease.maxTtl())));
      case TOO_LATE ->
          throw RefusedException.badInput(
              "client %s is gone or being decommissioned: read a new credential"
                  .formatted(data.clientId()));
    };
  }

  private Reply revoke(Request request, Lease lease, LeaseData data) throws InterruptedException {
    var reached = connections.reach(request);
    var mark =
        request
            .snapshot()
            .mount()
            .get()
            .map(MountState::mark)
            .orElseThrow(() -> new RefusedException(500, "the mount has no mount id"));
    var actor =
        new Decommissioning.Actor(
            mark, reached.config().credential().id(), reached.organization(), reached.genesys());
    var client =
        new LeasedClient(
            request.mount().uuid(),
            data.key(),
            data.clientId(),
            data.organizationId(),
            data.mark(),
            lease.issued());
    var end =
        decommissioning.end(client, actor, request.storage(), request.deadline().minus(RESERVE));
    return switch (end) {
      case Decommission.Gone _ -> new Reply.Nothing();
      case Decommission.Guarded(var why) ->
          throw new RefusedException(500, "not decommissioned: " + why);
      case Decommission.NotVisibleYet _ ->
          throw new RefusedException(
              503,
              "Genesys may not show yet what was made for client %s less than %d s ago: Vault tries again"
                  .formatted(data.clientId(), Decommissioning.VISIBILITY_DELAY.toSeconds()));
      case Decommission.Failed(var failure) ->
          throw Failures.refused(failure, consequence(failure, data));
    };
  }

  private static String consequence(UpstreamFailure failure, LeaseData data) {
    return failure instanceof Refused refused && refused.status() == 403
        ? "Client %s is not decommissioned: the mount's client needs oauth:client:edit and oauth:client:delete and must itself hold every role and division of it; Vault tries again"
            .formatted(data.clientId())
        : "Client %s is not decommissioned; Vault tries again".formatted(data.clientId());
  }
}
