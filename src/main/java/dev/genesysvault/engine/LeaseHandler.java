package dev.genesysvault.engine;

import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.lifecycle.Actor;
import dev.genesysvault.lifecycle.Decommission;
import dev.genesysvault.lifecycle.Decommissioning;
import dev.genesysvault.lifecycle.Decommissioning.Promise;
import dev.genesysvault.lifecycle.Delays;
import dev.genesysvault.lifecycle.LeaseData;
import dev.genesysvault.lifecycle.Renewing;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.MountConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renews and revokes the leases of {@code creds/<role>}; the role may be long gone. */
final class LeaseHandler implements Handler {
  private static final Duration RESERVE = Duration.ofSeconds(2);

  private final Acting acting;
  private final Backlogs backlogs;
  private final Renewing renewing;
  private final Decommissioning decommissioning;
  private final Time time;
  private final Delays delays;

  LeaseHandler(
      Acting acting,
      Backlogs backlogs,
      Renewing renewing,
      Decommissioning decommissioning,
      Time time,
      Delays delays) {
    this.acting = acting;
    this.backlogs = backlogs;
    this.renewing = renewing;
    this.decommissioning = decommissioning;
    this.time = time;
    this.delays = delays;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    var lease =
        request
            .lease()
            .orElseThrow(() -> new IllegalStateException("an operation on a lease has no lease"));
    var data = read(lease);
    return switch (request.operation()) {
      case RENEW -> renew(request, lease, data);
      case REVOKE -> revoke(request, lease, data);
      case CREATE, READ, UPDATE, DELETE, LIST, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private static LeaseData read(Lease lease) {
    try {
      return LeaseData.read(lease.internalData());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          500, "the lease's internal data cannot be read: " + e.getMessage());
    }
  }

  private Reply renew(Request request, Lease lease, LeaseData data) throws InterruptedException {
    var left = Duration.between(time.now(), lease.issued().plus(lease.maxTtl()));
    var wished = Durations.most(data.ttl(), lease.increment());
    var longest =
        lease.maxTtl().isZero()
            ? wished
            : Durations.least(wished, Durations.most(left, Duration.ZERO));
    return switch (renewing.renew(data.key(), longest, backlogs.records(request))) {
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
    return switch (end(request, lease, data)) {
      case Decommission.Gone _, Decommission.Deferred _ -> new Reply.Nothing();
      case Decommission.Guarded(var why) ->
          throw new RefusedException(500, "not decommissioned: " + why);
      case Decommission.NotVisibleYet _ ->
          throw new RefusedException(
              503,
              "Genesys may not show yet what was made for client %s less than %d s ago: Vault tries again"
                  .formatted(
                      data.clientId(),
                      delays.longestRequest().plus(delays.visibility()).toSeconds()));
      case Decommission.Failed(var failure) ->
          throw Failures.refused(failure, consequence(failure, data));
    };
  }

  private Decommission end(Request request, Lease lease, LeaseData data)
      throws InterruptedException {
    var promise = promise(request, data);
    var records = backlogs.records(request);
    Actor actor;
    try {
      actor = acting.of(request);
    } catch (RefusedException e) {
      if (promise != Promise.DEFERRED) {
        throw e;
      }
      return decommissioning.defer(data, lease.issued(), String.valueOf(e.getMessage()), records);
    }
    return decommissioning.end(
        data, lease.issued(), promise, actor, records, request.deadline().minus(RESERVE));
  }

  /** Where nobody knows whether storage is about to be wiped, nothing is left for later. */
  private static Promise promise(Request request, LeaseData data) throws InterruptedException {
    var tainted = request.mount().tainted();
    if (tainted.isEmpty()) {
      return Promise.STRICT;
    }
    if (tainted.get()) {
      return Promise.FINAL;
    }
    boolean deferred =
        request
            .snapshot()
            .config()
            .get()
            .map(MountConfig::defersRevocation)
            .orElse(data.deferrable());
    return deferred ? Promise.DEFERRED : Promise.STRICT;
  }

  private static String consequence(UpstreamFailure failure, LeaseData data) {
    return failure instanceof Refused refused && refused.status() == 403
        ? "Client %s is not decommissioned: the mount's client needs oauth:client:edit and oauth:client:delete and must itself hold every role and division of it; Vault tries again"
            .formatted(data.clientId())
        : "Client %s is not decommissioned; Vault tries again".formatted(data.clientId());
  }
}
