package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.ClientIds;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RotationRequests;
import dev.genesysvault.rotation.RotationSchedule;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.Release;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.FoundClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/** {@code static-roles/<name>/import}: a client that exists becomes the present one. */
public final class ImportHandler implements Handler {
  private static final String NOTHING = "Nothing was imported";
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
      case CREATE, UPDATE -> adopt(request, request.capture("name"));
      case READ, DELETE, LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply adopt(Request request, String name) throws InterruptedException {
    var credential = credential(request);
    var credentials = staticRoles.of(request);
    // Two imports of one client into two static roles would both find it free.
    try (var _ = credentials.lockImports();
        var _ = credentials.lock(name)) {
      var role = credentials.role(name).orElseThrow(() -> MountStaticRoles.unknown(request, name));
      var stored = credentials.get(name).orElseThrow(() -> MountStaticRoles.unknown(request, name));
      refuseUnlessFree(name, stored);
      var reached = connections.reach(request);
      var mark = mark(request);
      var client = checked(request, name, credential, credentials, reached);
      var marking = new Marking(request, name, mark, credentials, reached);
      marking.refuseMarked(client, request.fields().flagOrDefault("take_over"));
      var until = time.now().plus(delays.longestRequest()).plus(delays.visibility());
      var marked = marking.mark(client, stored, until);
      credentials.put(
          name,
          adopted(
              request,
              name,
              credential,
              marked,
              role,
              stored.withoutRelease(credential.id()),
              credentials,
              reached));
    }
    return new Reply.Nothing();
  }

  private static Mark mark(Request request) throws InterruptedException {
    return request
        .storage()
        .mount()
        .get()
        .map(MountMark::mark)
        .orElseThrow(() -> new RefusedException(500, "the mount has no mount id"));
  }

  private static Credential credential(Request request) {
    var fields = request.fields();
    var id =
        fields
            .text("client_id")
            .filter(text -> !text.isEmpty())
            .map(ClientIds.clientId("client_id"))
            .orElseThrow(() -> RefusedException.badInput("client_id is missing"));
    var secret =
        fields
            .rawText("client_secret")
            .filter(text -> !text.isBlank())
            .map(Secret::of)
            .orElseThrow(() -> RefusedException.badInput("client_secret is missing"));
    return new Credential(id, secret);
  }

  private static void refuseUnlessFree(String name, StaticCredential stored) {
    var current = stored.current();
    if (current != null) {
      throw RefusedException.badInput(
          "static role %s has client %s already: import into a static role that was written with defer_initial_creds=true"
              .formatted(name, current.clientId()));
    }
    if (stored.phase() != Phase.IDLE || stored.run() != null || stored.nextRotation() != null) {
      throw RefusedException.badInput(
          "the first client of static role %s is being made: import into a static role that was written with defer_initial_creds=true"
              .formatted(name));
    }
  }

  private FoundClient checked(
      Request request,
      String name,
      Credential credential,
      StaticRoleStore credentials,
      Connections.Reached reached)
      throws InterruptedException {
    var id = credential.id();
    if (id.equals(reached.config().credential().id())) {
      throw RefusedException.badInput(
          "client_id is the mount's own client: it must not be rotated as a static role's");
    }
    refuseManaged(request, name, id, credentials);
    var context = new CallContext(Lane.ISSUE, request.deadline());
    var directory = reached.genesys().as(credential).directory();
    var owner = value(directory.tokenOwner(context), "check client_id and client_secret");
    var organization = value(directory.organization(context), "");
    if (!owner.equals(id) || !reached.organization().isOrClaims(organization.id())) {
      throw RefusedException.badInput(
          "client_id logs in as client %s of organisation %s; must be %s of %s"
              .formatted(owner, organization.id(), id, reached.organization().id()));
    }
    var client = found(reached.genesys().clients().get(id, context), id);
    if (!client.body().text("authorizedGrantType").equals(ClientBody.GRANT_TYPE)) {
      throw RefusedException.badInput(
          "client_id names client %s of grant type %s; must be one of %s"
              .formatted(id, client.body().text("authorizedGrantType"), ClientBody.GRANT_TYPE));
    }
    var excess = client.body().excess();
    if (excess.isPresent()) {
      throw RefusedException.badInput(
          "client_id names client %s, which has %s: its successors would be copies of it"
              .formatted(id, excess.get()));
    }
    var grants = value(reached.genesys().directory().ownGrants(context), "");
    var missing = grants.lacks(client.body().roleDivisions());
    if (!missing.isEmpty()) {
      throw RefusedException.badInput(
          "the mount's client %s does not hold %s of client %s, and could neither copy nor end it: add these roles in these divisions to the mount's client in Genesys"
              .formatted(reached.config().credential().id(), Texts.some(missing), id));
    }
    return client;
  }

  private static void refuseManaged(
      Request request, String name, ClientId id, StaticRoleStore credentials)
      throws InterruptedException {
    if (leased(id, credentials)) {
      throw RefusedException.badInput(
          "client_id names client %s, which this mount made: %sclients lists it"
              .formatted(id, request.mount().path()));
    }
    var roles = credentials.storage().staticCredentials();
    var owner = first(roles, (_, stored) -> stored.clientIds().contains(id));
    if (owner.isPresent()) {
      throw RefusedException.badInput(
          "client_id names client %s, which static role %s has".formatted(id, owner.get()));
    }
    var letting =
        first(
            roles,
            (role, stored) ->
                !role.equals(name)
                    && stored.releases().stream().map(Release::clientId).anyMatch(id::equals));
    if (letting.isPresent()) {
      throw new RefusedException(
          503,
          "client %s is being let go by static role %s: try again in some minutes. %s"
              .formatted(id, letting.get(), NOTHING));
    }
  }

  /** The session knows every record; until it does, storage is asked. */
  private static boolean leased(ClientId id, StaticRoleStore credentials)
      throws InterruptedException {
    var clientQueue = credentials.records().clientQueue();
    var clients = clientQueue.all();
    // Asked last: a session that closes meanwhile forgets its clients.
    var status = clientQueue.status();
    if (status.loaded() && status.unreadable().isEmpty()) {
      return clients.stream().map(ClientSnapshot::clientId).anyMatch(Optional.of(id)::equals);
    }
    return first(credentials.storage().clients(), (_, record) -> id.equals(record.clientId()))
        .isPresent();
  }

  /**
   * Returns the name of a document for which the predicate holds.
   *
   * @throws RefusedException if one cannot be read: it may be the one that is looked for
   */
  private static <T> Optional<String> first(Folder<T> folder, BiPredicate<String, T> which)
      throws InterruptedException {
    return folder
        .find(found ->
            switch (found) {
              case Found.Document<T>(var name, var document) -> which.test(name, document);
              // Removed since the names were listed.
              case Found.Nothing<T> _ -> false;
              case Found.Unreadable<T>(var name, var reason) ->
                  throw new RefusedException(
                      500,
                      "whether this mount has the client already is not known, since %s cannot be read: %s. %s"
                          .formatted(name, reason, NOTHING));
            })
        .map(Found::name);
  }

  private static FoundClient found(Outcome<FoundClient> outcome, ClientId id) {
    return switch (outcome) {
      case Ok<FoundClient>(var found) when found.body().text("state").equals("active") -> found;
      case Ok<FoundClient>(var found) ->
          throw RefusedException.badInput(
              "client_id names client %s, whose state is %s; must be active"
                  .formatted(id, found.body().text("state")));
      case Failed<FoundClient>(Refused refused) when refused.notFound() ->
          throw RefusedException.badInput(
              "client_id is %s, and the organisation has no such client".formatted(id));
      case Failed<FoundClient>(var failure) -> throw Failures.refused(failure, NOTHING);
    };
  }

  private static <T> T value(Outcome<T> outcome, String advice) {
    return switch (outcome) {
      case Ok<T>(var value) -> value;
      case Failed<T>(Refused refused) when refused.ofLogIn() ->
          throw RefusedException.badInput(
              Failures.sentence(refused, NOTHING + (advice.isEmpty() ? "" : ": " + advice)));
      case Failed<T>(var failure) -> throw Failures.refused(failure, NOTHING);
    };
  }

  private StaticCredential adopted(
      Request request,
      String name,
      Credential credential,
      FoundClient client,
      StaticRole role,
      StaticCredential stored,
      StaticRoleStore credentials,
      Connections.Reached reached) {
    var now = time.now();
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
            request.fields().flagOrDefault("keep_imported"),
            Map.of());
    var schedule = new RotationSchedule(role.timing(), credentials.mountUuid(), name);
    return stored.with(draft -> {
      draft.current = generation;
      draft.lastRotation = now;
      draft.nextRotation = schedule.nextAfter(now);
      draft.history =
          List.of(new PastRotation("imported", null, credential.id(), now, List.of(), null));
      draft.run = request.fields().flagOrDefault("rotate") ? requests.byHand(role) : null;
      // Successors copy the adopted client, whatever the role named before.
      draft.original = null;
    });
  }
}
