package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.history.HistoryIds;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RotationRequests;
import dev.genesysvault.rotation.RotationSchedule;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.RotationAccount;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.FoundClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code static-roles/<name>/import}: a client that exists becomes the present one. */
public final class ImportHandler implements Handler {
  private static final int KEY_BYTES = 12;

  private final Connections connections;
  private final MountStaticRoles staticRoles;
  private final Time time;
  private final Randomness randomness;
  private final RotationRequests requests;
  private final Delays delays;

  public ImportHandler(
      Connections connections,
      MountStaticRoles staticRoles,
      Time time,
      Randomness randomness,
      RotationRequests requests,
      Delays delays) {
    this.connections = connections;
    this.staticRoles = staticRoles;
    this.time = time;
    this.randomness = randomness;
    this.requests = requests;
    this.delays = delays;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case CREATE, UPDATE -> {
        var name = request.capture("name");
        var order = ImportOrder.of(request.fields());
        yield order.dryRun() ? rehearse(request, name, order) : adopt(request, name, order);
      }
      case READ, DELETE, LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply adopt(Request request, String name, ImportOrder order) throws InterruptedException {
    var credential = order.credential();
    var credentials = staticRoles.of(request);
    // Two imports of one client into two static roles would both find it free.
    try (var _ = credentials.lockImport(credential.id());
        var _ = credentials.lock(name)) {
      var role = credentials.role(name).orElseThrow(() -> MountStaticRoles.unknown(request, name));
      var stored = credentials.get(name).orElseThrow(() -> MountStaticRoles.unknown(request, name));
      if (order.isDone(stored)) {
        return new Reply.Content(
            Map.of(Rehearsal.ALREADY_IMPORTED, true),
            List.of(order.done(name, stored)),
            Optional.empty());
      }
      refuseUnlessFree(request, name, order, stored);
      var due = order.firstRotation(schedule(role, credentials, name), role, time.now());
      var reached = connections.reach(request);
      new ManagedClients(request, name, credentials).refuse(credential.id());
      var client =
          new ImportChecks(request, reached, credential, ImportHandler::refuse)
              .look()
              .orElseThrow();
      var marking = new Marking(request, name, mark(request), credentials, reached);
      marking.refuseMarked(client, order.takeOver());
      var until = time.now().plus(delays.longestRequest()).plus(delays.visibility());
      var marked = marking.mark(client, stored, until);
      credentials.put(
          name,
          adopted(
              order,
              marked,
              role,
              due,
              stored.withoutRelease(credential.id()),
              reached,
              request.asker(PastRotation.IMPORTED, time.now())));
    }
    return new Reply.Nothing();
  }

  private static void refuse(RefusedException problem) {
    throw problem;
  }

  /** Says what an import would find, all of it, and changes nothing here or at Genesys. */
  private Reply rehearse(Request request, String name, ImportOrder order)
      throws InterruptedException {
    var credentials = staticRoles.of(request);
    var rehearsal = new Rehearsal();
    var stored = credentials.get(name);
    var role = credentials.role(name);
    if (stored.isPresent() && order.isDone(stored.get())) {
      return rehearsal.done(name, order.done(name, stored.get()));
    }
    if (role.isEmpty() || stored.isEmpty()) {
      rehearsal.warn(
          "there is no static role \"%s\" yet: write it with defer_initial_creds=true before the import"
              .formatted(name));
    } else {
      var known = stored.get();
      rehearsal.attempt(() -> refuseUnlessFree(request, name, order, known));
      var schedule = schedule(role.get(), credentials, name);
      var timed = role.get();
      rehearsal.attempt(() -> {
        var _ = order.firstRotation(schedule, timed, time.now());
      });
    }
    var id = order.credential().id();
    var managed = new ManagedClients(request, name, credentials);
    rehearsal.attempt(() -> managed.refuse(id));
    if (managed.owner().isPresent()) {
      return rehearsal.ownedBy(managed.owner().get());
    }
    var reached = connections.reach(request);
    var checks = new ImportChecks(request, reached, order.credential(), rehearsal::add);
    var client = checks.look();
    if (client.isPresent()) {
      var marking = new Marking(request, name, mark(request), credentials, reached);
      rehearsal.attempt(() -> marking.refuseMarked(client.get(), order.takeOver()));
    }
    return rehearsal.seen(client, checks, managed.formerOwner(id).orElse(""));
  }

  private static Mark mark(Request request) throws InterruptedException {
    return request
        .storage()
        .mount()
        .get()
        .map(MountMark::mark)
        .orElseThrow(() -> new RefusedException(500, "the mount has no mount id"));
  }

  private static void refuseUnlessFree(
      Request request, String name, ImportOrder order, StaticCredential stored) {
    var current = stored.current();
    if (current != null) {
      boolean same = order.credential().id().equals(current.clientId());
      throw RefusedException.badInput(
          same
              ? "static role %s has client %s already, with another secret: where that one works no more, write %srotate-role/%s"
                  .formatted(name, current.clientId(), request.mount().path(), name)
              : "static role %s has client %s already: import into a static role that was written with defer_initial_creds=true"
                  .formatted(name, current.clientId()));
    }
    if (stored.phase() != Phase.IDLE || stored.run() != null || stored.nextRotation() != null) {
      throw RefusedException.badInput(
          "the first client of static role %s is being made: import into a static role that was written with defer_initial_creds=true"
              .formatted(name));
    }
  }

  private static RotationSchedule schedule(
      StaticRole role, StaticRoleStore credentials, String name) {
    return new RotationSchedule(role.timing(), credentials.mountUuid(), name);
  }

  private StaticCredential adopted(
      ImportOrder order,
      FoundClient client,
      StaticRole role,
      Instant due,
      StaticCredential stored,
      Connections.Reached reached,
      Asker asker) {
    var now = asker.time();
    var credential = order.credential();
    Organization organization = reached.organization();
    var generation =
        new StaticClient(
            new ClientKey(randomness.hex(KEY_BYTES)),
            new ClientName(client.name().isBlank() ? credential.id().value() : client.name()),
            organization.id(),
            client.body(),
            now,
            reached.config().endpoint(),
            credential.id(),
            credential.secret(),
            true,
            order.keepImported(),
            Map.of());
    return stored.with(draft -> {
      draft.current = generation;
      draft.lastRotation = now;
      draft.nextRotation = due;
      draft.history =
          List.of(
              new PastRotation(
                  PastRotation.IMPORTED,
                  null,
                  credential.id(),
                  now,
                  List.of(),
                  List.of(),
                  new RotationAccount(
                      HistoryIds.of(now, PastRotation.IMPORTED), now, List.of(asker), List.of())));
      draft.run = order.rotate() ? requests.byHand(role, asker) : null;
      // Successors copy the adopted client, whatever the role named before.
      draft.original = null;
    });
  }
}
