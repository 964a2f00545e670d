package dev.genesysvault.engine;

import dev.genesysvault.engine.destinations.DestinationCheckHandler;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountNews;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Lease;
import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.engine.request.RequestResult;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StorageException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one request of Vault answered by the handler of its path, or of its lease, and reports what
 * came of it.
 */
final class Dispatch {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  /** Those that hand out what somebody logs in with. */
  private static final Set<String> CREDENTIAL_PATHS = Set.of("creds/name", "static-creds/name");

  /** What those take as a rule that do not wait for their turn at Genesys. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final Map<String, Handler> paths;
  private final Map<String, Handler> secretTypes;
  private final Handler rollback;
  private final Connections connections;
  private final MountNews news;
  private final Admission admission;
  private final Time time;
  private final Meters meters;
  private final BugLog bugs;

  /**
   * Makes one.
   *
   * @param paths handlers by path, which stay as they are
   * @param secretTypes handlers by type of a lease
   */
  Dispatch(
      Map<String, Handler> paths,
      Map<String, Handler> secretTypes,
      Handler rollback,
      Connections connections,
      MountNews news,
      Locks locks,
      Time time,
      Meters meters) {
    this.paths = Map.copyOf(paths);
    this.secretTypes = Map.copyOf(secretTypes);
    this.rollback = rollback;
    this.connections = connections;
    this.news = news;
    this.admission = new Admission(locks);
    this.time = time;
    this.meters = meters;
    this.bugs = new BugLog(time);
  }

  private record Answer(Reply reply, RequestResult result) {
    Answer(Reply reply) {
      this(reply, RequestResult.of(reply));
    }
  }

  /**
   * Answers one request, unless too many wait already.
   *
   * @param bytes that the request holds as long as it is not answered
   * @param fitting returns a reply as it is, or what is sent where that is too large
   */
  Reply serve(Request request, long bytes, UnaryOperator<Reply> fitting)
      throws InterruptedException {
    long begun = time.nanos();
    var result = RequestResult.BUG;
    try {
      var answer = admitted(request, bytes);
      var sent = fitting.apply(answer.reply);
      result = sent.equals(answer.reply) ? answer.result : RequestResult.REPLY_TOO_LARGE;
      return sent;
    } catch (InterruptedException e) {
      result = RequestResult.CANCELLED;
      throw e;
    } finally {
      report(request, result, time.nanos() - begun);
    }
  }

  private void report(Request request, RequestResult result, long nanos) {
    var path = path(request);
    var operation = request.operation().word();
    var mount = mount(request.mount());
    meters.count(Metric.REQUESTS, mount, path, operation, result.word());
    meters.took(Metric.REQUEST_DURATION, nanos, path, operation, result.word());
    if (CREDENTIAL_PATHS.contains(path)) {
      var role = request.captures().getOrDefault("name", "");
      if (result.foundItsName()) {
        meters.count(Metric.ROLE_REQUESTS, mount, path, role, result.word());
      } else {
        meters.countKnown(Metric.ROLE_REQUESTS, mount, path, role, result.word());
      }
    }
  }

  /** Returns how metrics name a mount. */
  static String mount(Mount mount) {
    return mount.path().isEmpty() ? "unknown" : mount.path();
  }

  /** Returns how metrics name what a request is about. */
  String path(Request request) {
    if (request.operation().onLease()) {
      return "lease";
    }
    if (request.operation() == Operation.ROLLBACK) {
      return "rollback";
    }
    return paths.containsKey(request.pathId()) ? request.pathId() : "unknown";
  }

  private Answer admitted(Request request, long bytes) throws InterruptedException {
    var mount = request.mount().uuid();
    var kind = Admission.kind(request);
    if (!admission.enter(mount, kind, bytes)) {
      var refusal =
          new Reply.Refusal(
              429,
              "too many requests that %s are under way already, of this mount or of all: nothing was done. Come back in %d s"
                  .formatted(kind.does(), wait(mount, kind).toSeconds()));
      return new Answer(refusal, RequestResult.TOO_MANY);
    }
    try {
      return served(request);
    } finally {
      admission.leave(mount, kind, bytes);
    }
  }

  private Duration wait(String mountUuid, Admission.Kind kind) {
    return switch (kind) {
      case GENESYS, MOUNT -> connections.wait(mountUuid);
      case CHECK -> DestinationCheckHandler.PATIENCE;
      case STORAGE, RENEWAL, LOOK, ROLE_STATUS, URGENT -> SOON;
    };
  }

  private Answer served(Request request) throws InterruptedException {
    try {
      return new Answer(dispatch(request));
    } catch (RefusedException e) {
      return new Answer(e.reply(), e.result());
    } catch (StorageException e) {
      var reply = Failures.reply(e);
      return new Answer(
          reply,
          switch (e.kind()) {
            case READ_ONLY, SETUP, NOT_ACTIVE -> RequestResult.of(reply);
            case CLOSED -> RequestResult.CANCELLED;
            case REFUSED, UNREADABLE, OTHER -> RequestResult.STORAGE_FAILED;
          });
    } catch (RuntimeException | Error e) {
      Fatal.check(e);
      bugs.told(
          LOG,
          "a request met a bug",
          e,
          line ->
              line.addKeyValue("path", request.pathId())
                  .addKeyValue("operation", request.operation())
                  .addKeyValue("request", request.id()));
      var refusal =
          new Reply.Refusal(
              500, "internal error in the sidecar: its log has the details of this request");
      return new Answer(refusal, RequestResult.BUG);
    }
  }

  private Reply dispatch(Request request) throws InterruptedException {
    news.heard(request.mount());
    if (request.operation() == Operation.ROLLBACK) {
      return rollback.handle(request);
    }
    var handler =
        request.operation().onLease()
            ? secretTypes.get(request.lease().map(Lease::secretType).orElse(""))
            : paths.get(request.pathId());
    if (handler == null) {
      return new Reply.Refusal(
          500,
          "this sidecar knows neither path \"%s\" nor such a lease: plugin and sidecar do not fit together"
              .formatted(request.pathId()));
    }
    return handler.handle(request);
  }
}
