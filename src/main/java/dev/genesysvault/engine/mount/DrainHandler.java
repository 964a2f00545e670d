package dev.genesysvault.engine.mount;

import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.Drain;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code drain}: ends everything that a mount hands out, on purpose, before the mount is disabled.
 * Vault does the same three things when it disables a mount and when it moves one, and static
 * credentials have to live on in the latter, so that nothing but this path can tell.
 */
public final class DrainHandler implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(DrainHandler.class);

  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;
  private final Time time;

  public DrainHandler(MountClients mountClients, MountStaticRoles staticRoles, Time time) {
    this.mountClients = mountClients;
    this.staticRoles = staticRoles;
    this.time = time;
  }

  /** Returns a handler that makes clients, and refuses to while its mount is being drained. */
  public static Handler notWhileDraining(Handler handler) {
    return request -> {
      switch (request.operation()) {
        case CREATE, UPDATE -> refuseWhileDraining(request);
        case READ -> {
          if (request.pathId().equals("creds/name")) {
            refuseWhileDraining(request);
          }
        }
        case DELETE, LIST, RENEW, REVOKE, ROLLBACK -> {
          // Ends what there is, or shows it.
        }
      }
      return handler.handle(request);
    };
  }

  private static void refuseWhileDraining(Request request) throws InterruptedException {
    var drain = request.snapshot().drain().get();
    if (drain.isPresent()) {
      throw RefusedException.badInput(
          "%s, so it makes no client: read %sdrain, and delete that to call it off"
              .formatted(since(drain.get()), request.mount().path()));
    }
  }

  private static String since(Drain drain) {
    return "this mount is being drained since %s%s"
        .formatted(
            drain.begun().truncatedTo(ChronoUnit.SECONDS),
            drain.by().isEmpty() ? "" : " (by " + drain.by() + ")");
  }

  /**
   * Says that a static role has no client any more since its mount is, or was, drained, and what to
   * do; empty where it was not.
   */
  public static Optional<RefusedException> ended(Request request, String name)
      throws InterruptedException {
    return request
        .snapshot()
        .drain()
        .get()
        .map(drain ->
            RefusedException.badInput(
                "static role \"%s\" has no client: %s, which ends every static role. Read it from another mount; to go on with this one, delete %sdrain and write %sstatic-roles/%s"
                    .formatted(
                        name, since(drain), request.mount().path(), request.mount().path(), name)));
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case READ -> shown(request, request.storage().drain().get(), List.of());
      case CREATE, UPDATE -> write(request);
      case DELETE -> callOff(request);
      case LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply write(Request request) throws InterruptedException {
    var present = request.storage().drain().get();
    if (request.fields().flagOrDefault("dry_run")) {
      return shown(
          request,
          present,
          List.of(
              "nothing was changed: this is what would be ended. Write %sdrain with dry_run=false to end it; applications that use these clients stop working"
                  .formatted(request.mount().path())));
    }
    var drain =
        present.orElseGet(() ->
            new Drain(time.now().truncatedTo(ChronoUnit.SECONDS), request.displayName(), Map.of()));
    if (present.isEmpty()) {
      request.storage().drain().put(drain);
      tell(request, "begun", "a mount is drained: everything that it hands out is ended");
    }
    return shown(request, Optional.of(drain), List.of());
  }

  private Reply callOff(Request request) throws InterruptedException {
    if (request.storage().drain().get().isPresent()) {
      request.storage().drain().delete();
      tell(request, "called-off", "the draining of a mount is called off: what is left lives on");
    }
    note(request, false);
    return new Reply.Nothing();
  }

  private static void tell(Request request, String what, String message)
      throws InterruptedException {
    LOG.atWarn()
        .addKeyValue("mount", request.mount().uuid())
        .addKeyValue("by", request.displayName())
        .log(message);
    request
        .events()
        .send(
            "genesys/mount-drain",
            Map.of("operation", what, "path", "drain", "by", request.displayName()));
  }

  /** Tells the session, which may not know yet what storage says. */
  private void note(Request request, boolean draining) {
    mountClients.of(request.mount().uuid()).draining(draining);
    if (draining) {
      staticRoles.queue(request.mount().uuid()).lookAtAll();
    }
  }

  private Reply shown(Request request, Optional<Drain> drain, List<String> warnings)
      throws InterruptedException {
    if (drain.isPresent()) {
      note(request, true);
    }
    var clientQueue = mountClients.of(request.mount().uuid());
    var queue = staticRoles.queue(request.mount().uuid());
    int journal = request.storage().journal().names().size();
    boolean known = clientQueue.status().loaded() && queue.status().loaded();
    var data = new LinkedHashMap<String, Object>();
    data.put("draining", drain.isPresent());
    data.put(
        "begun", drain.map(it -> it.begun().truncatedTo(ChronoUnit.SECONDS).toString()).orElse(""));
    data.put("begun_by", drain.map(Drain::by).orElse(""));
    data.put("loaded", known);
    data.put("journal", journal);
    if (known) {
      var roles = queue.all();
      data.putAll(counts(clientQueue));
      data.put("static_roles", roles.size());
      data.put("static_clients", new DrainedRoles(request.storage()).shown(roles));
      data.put("drained", drain.isPresent() && journal == 0 && nothingLeft(clientQueue, roles));
    } else {
      data.put("drained", false);
    }
    return new Reply.Content(data, warnings, Optional.empty());
  }

  private static boolean nothingLeft(ClientQueue clientQueue, List<RoleSnapshot> roles) {
    return roles.isEmpty()
        && clientQueue.all().isEmpty()
        && clientQueue.status().unreadable().isEmpty();
  }

  private static Map<String, Object> counts(ClientQueue clientQueue) {
    var clients = clientQueue.all();
    var counts = new LinkedHashMap<String, Object>();
    counts.put("creating", count(clients, State.CREATING));
    counts.put("issued", count(clients, State.ISSUED));
    counts.put("retiring", count(clients, State.RETIRING));
    counts.put("stuck", count(clients, State.STUCK));
    counts.put("unreadable", clientQueue.status().unreadable().size());
    return counts;
  }

  private static long count(List<ClientSnapshot> clients, State state) {
    return clients.stream().filter(client -> client.state() == state).count();
  }
}
