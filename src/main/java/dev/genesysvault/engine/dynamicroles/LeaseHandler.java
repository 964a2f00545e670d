package dev.genesysvault.engine.dynamicroles;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.LeaseData;
import dev.genesysvault.client.LeaseRevocation;
import dev.genesysvault.client.LeaseRevocation.Promise;
import dev.genesysvault.client.Renewing;
import dev.genesysvault.client.RevokeOutcome;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.mount.ActorSource;
import dev.genesysvault.engine.mount.MountClients;
import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Lease;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews and revokes the leases of {@code creds/<role>}; the role may be long gone. */
public final class LeaseHandler implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseHandler.class);
  private static final Duration RESERVE = Duration.ofSeconds(2);
  private static final String BUG =
      "internal error in the sidecar: its log has the details of this request";

  private final ActorSource acting;
  private final MountClients mountClients;
  private final Renewing renewing;
  private final LeaseRevocation revocation;
  private final Time time;
  private final Delays delays;

  public LeaseHandler(
      ActorSource acting,
      MountClients mountClients,
      Renewing renewing,
      LeaseRevocation revocation,
      Time time,
      Delays delays) {
    this.acting = acting;
    this.mountClients = mountClients;
    this.renewing = renewing;
    this.revocation = revocation;
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
    return switch (renewing.renew(data.key(), longest, mountClients.records(request))) {
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
    var promise = promise(request, data);
    var sequel = new Sequel(request, data, promise);
    return switch (end(request, lease, data, promise, sequel)) {
      case RevokeOutcome.Gone _, RevokeOutcome.Deferred _ -> new Reply.Nothing();
      case RevokeOutcome.Guarded(var why) ->
          throw new RefusedException(500, "not decommissioned: " + why);
      case RevokeOutcome.NotVisibleYet(var goesOn) ->
          throw new RefusedException(
              503,
              "Genesys may not show yet what was made for client %s less than %d s ago. %s"
                  .formatted(
                      data.clientId(),
                      delays.longestRequest().plus(delays.visibility()).toSeconds(),
                      sequel.text(goesOn)));
      case RevokeOutcome.Failed(var failure, var goesOn) ->
          throw Failures.refused(failure, remedy(failure) + sequel.text(goesOn));
      case RevokeOutcome.Broken(var goesOn) ->
          throw RefusedException.bug(BUG).with(sequel.text(goesOn));
    };
  }

  private RevokeOutcome end(
      Request request, Lease lease, LeaseData data, Promise promise, Sequel sequel)
      throws InterruptedException {
    var records = mountClients.records(request);
    Actor actor;
    try {
      actor = acting.of(request);
    } catch (StorageException e) {
      if (e.kind() != Kind.UNREADABLE) {
        throw e;
      }
      var why = new RefusedException(500, String.valueOf(e.getMessage()));
      return unable(why, lease, data, promise, records, sequel);
    } catch (RefusedException e) {
      return unable(e, lease, data, promise, records, sequel);
    } catch (RuntimeException | Error bug) {
      Fatal.check(bug);
      LOG.atError()
          .addKeyValue("mount", request.mount().uuid())
          .addKeyValue("client_id", data.clientId())
          .setCause(bug)
          .log("a revoke met a bug before its mount could act; the background session goes on");
      return unable(RefusedException.bug(BUG), lease, data, promise, records, sequel);
    }
    return revocation.end(
        data, lease.issued(), promise, actor, records, request.deadline().minus(RESERVE));
  }

  /** The mount cannot act now: the client's record says that it has to go, whatever is told. */
  private RevokeOutcome unable(
      RefusedException why,
      Lease lease,
      LeaseData data,
      Promise promise,
      ClientRecords records,
      Sequel sequel)
      throws InterruptedException {
    var left = revocation.defer(data, lease.issued(), why.reply().message(), records);
    if (left instanceof RevokeOutcome.Deferred && promise != Promise.DEFERRED) {
      throw why.with(sequel.text(true));
    }
    return left;
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
    return defers(request, data) ? Promise.DEFERRED : Promise.STRICT;
  }

  private static boolean defers(Request request, LeaseData data) throws InterruptedException {
    try {
      return request
          .snapshot()
          .config()
          .get()
          .map(MountConfig::defersRevocation)
          .orElse(data.deferrable());
    } catch (StorageException e) {
      if (e.kind() != Kind.UNREADABLE) {
        throw e;
      }
      return data.deferrable();
    }
  }

  private static String remedy(UpstreamFailure failure) {
    return failure instanceof Refused refused && refused.status() == 403
        ? "The mount's client needs oauth:client:edit and oauth:client:delete and must itself hold every role and division of it. "
        : "";
  }

  /** What happens after a revoke that Vault is told has failed. */
  private record Sequel(Request request, LeaseData data, Promise promise) {
    String text(boolean goesOn) {
      if (!goesOn) {
        return "Client %s is not decommissioned, and its record cannot be read, so that nothing goes on by itself: revoke its lease again"
            .formatted(data.clientId());
      }
      var so =
          "Client %s is not gone yet. It is on its way out, and that goes on in the background whatever becomes of its lease: %sclients/%s shows how, and a revoke after its end succeeds"
              .formatted(data.clientId(), request.mount().path(), data.key());
      return switch (promise) {
        case FINAL ->
            so
                + ". Vault stops disabling (or moving) the mount here and does not go on by itself: begin it again then";
        case STRICT, DEFERRED ->
            so
                + ". Vault keeps the lease, and tries again by itself unless this revoke was one with -sync, or its sixth try";
      };
    }
  }
}
