package dev.genesysvault.engine.dynamicroles;

import dev.genesysvault.client.IssueOrder;
import dev.genesysvault.client.IssueResult;
import dev.genesysvault.client.Issuing;
import dev.genesysvault.client.LeaseData;
import dev.genesysvault.client.NameStems;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountClients;
import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.DynamicRole;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.MountMarks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/** {@code creds/<role>}: a new client, leased. */
public final class CredsHandler implements Handler {
  /** What storing and answering need once Genesys has answered. */
  private static final Duration RESERVE = Duration.ofSeconds(2);

  /**
   * Failed dependency. A 5xx is asked again by clients of Vault, and would make and end one client
   * after the other.
   */
  private static final int MADE_OTHERWISE = 424;

  private final Connections connections;
  private final MountClients mountClients;
  private final Issuing issuing;
  private final NameStems nameStems;

  public CredsHandler(
      Connections connections,
      MountClients mountClients,
      Issuing issuing,
      Time time,
      Randomness randomness) {
    this.connections = connections;
    this.mountClients = mountClients;
    this.issuing = issuing;
    this.nameStems = new NameStems(time, randomness);
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case READ -> issue(request);
      case CREATE, UPDATE, DELETE, LIST, RENEW, REVOKE, ROLLBACK ->
          new Reply.UnsupportedOperation();
    };
  }

  private Reply issue(Request request) throws InterruptedException {
    var name = request.capture("name");
    if (request.id().isEmpty()) {
      // Two requests without an id would be taken for one, and share a credential.
      throw new RefusedException(500, "Vault sent no request id: update Vault or the plugin");
    }
    var reached = connections.reach(request);
    var role =
        request
            .snapshot()
            .roles()
            .entry(name)
            .get()
            .orElseThrow(() ->
                RefusedException.badInput(
                    "there is no role \"%s\": write %sroles/%s first"
                        .formatted(name, request.mount().path(), name)));
    var mark =
        request
            .snapshot()
            .mount()
            .get()
            .map(MountMark::mark)
            .orElseThrow(() ->
                new RefusedException(
                    500, "the mount has a configuration and no mount id: write config again"));
    var config = reached.config();
    var granted =
        Durations.granted(
            role.ttl(), role.maxTtl(), config.ttl(), config.maxTtl(), request.mount());
    var order = order(request, name, role, mark, reached, granted);
    var issuance =
        issuing.issue(
            order,
            reached.genesys(),
            mountClients.records(request),
            request.deadline().minus(RESERVE));
    return switch (issuance) {
      case IssueResult.Issued issued -> reply(issued, order, role, reached, granted);
      case IssueResult.Outdated _ -> throw Connections.changed();
      case IssueResult.Otherwise otherwise ->
          throw new RefusedException(
              MADE_OTHERWISE,
              "%s. Nobody got it, and it is being decommissioned (clients/%s). Look in Genesys whether each role and division of roles/%s still exists and the mount's client holds it, and what else Genesys refuses"
                  .formatted(otherwise.why(), order.key(), name));
      case IssueResult.Failed failed -> throw failure(failed, order, role);
    };
  }

  private IssueOrder order(
      Request request,
      String name,
      DynamicRole role,
      Mark mark,
      Connections.Reached reached,
      Durations.Granted granted) {
    var client = role.client();
    var path = request.mount().path();
    return new IssueOrder(
        ClientNaming.keyOf(request.id()),
        mark,
        reached.organization().id(),
        reached.seen(),
        reached.config().endpoint(),
        name,
        nameStems.of(
            client.nameTemplate(),
            reached.config().namePrefix(),
            name,
            path,
            request.displayName()),
        MountMarks.leased(client.description(), path, name, mark),
        Durations.tokenValidity(client.accessTokenValidity(), granted.ttl()),
        client.roleDivisions(),
        client.properties(),
        granted.ttl(),
        request.displayName(),
        request.entityId(),
        reached.config().keeping().keepsAttribution());
  }

  private static Reply reply(
      IssueResult.Issued issued,
      IssueOrder order,
      DynamicRole role,
      Connections.Reached reached,
      Durations.Granted granted) {
    // That of the request that made it, where this one joined it.
    var endpoint = issued.endpoint();
    var data = new LinkedHashMap<String, Object>();
    data.put("client_id", issued.credential().id().value());
    data.put("client_secret", issued.credential().secret().reveal());
    data.put("login_url", endpoint.login().toString());
    data.put("api_url", endpoint.api().toString());
    data.put("custom_metadata", role.client().metadata());
    var internal =
        new LeaseData(
                order.key(),
                issued.credential().id(),
                issued.client().organizationId(),
                issued.client().names(),
                order.mark(),
                granted.ttl(),
                reached.config().defersRevocation())
            .members();
    return new Reply.Content(
        data,
        granted.warnings(),
        Optional.of(
            new Reply.LeasedSecret(
                LeaseData.SECRET_TYPE, internal, granted.ttl(), granted.maxTtl())));
  }

  private static RefusedException failure(
      IssueResult.Failed failed, IssueOrder order, DynamicRole role) {
    if (failed.recordKept()) {
      return Failures.refused(
          failed.failure(),
          "No credential was issued; a client may exist all the same, and clients/%s keeps its names"
              .formatted(order.key()));
    }
    return Failures.refused(failed.failure(), hint(failed.failure(), role));
  }

  private static String hint(UpstreamFailure failure, DynamicRole role) {
    boolean mayBeCeiling =
        failure instanceof Refused refused
            && (refused.status() == 403 || refused.status() == 400)
            && !refused.ofLogIn();
    return mayBeCeiling
        ? "No client was made. The mount's client needs oauth:client:add and must itself hold each of %s"
            .formatted(Texts.some(role.client().roleDivisions()))
        : "No client was made";
  }
}
