package dev.genesysvault.engine.mount;

import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
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
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.Grants;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code config}: the organisation and the client with which the mount works in it. */
public final class ConfigHandler implements Handler {
  /** What the endpoints that this engine calls ask of the mount's client. */
  private static final List<String> NEEDED_PERMISSIONS =
      List.of("oauth:client:add", "oauth:client:view", "oauth:client:edit", "oauth:client:delete");

  private final Genesys.Connector connector;
  private final Connections connections;
  private final EntryLocks locks;
  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;
  private final Randomness randomness;
  private final Time time;

  public ConfigHandler(
      Genesys.Connector connector,
      Connections connections,
      EntryLocks locks,
      MountClients mountClients,
      MountStaticRoles staticRoles,
      Randomness randomness,
      Time time) {
    this.connector = connector;
    this.connections = connections;
    this.locks = locks;
    this.mountClients = mountClients;
    this.staticRoles = staticRoles;
    this.randomness = randomness;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case READ -> read(request);
      case CREATE, UPDATE -> write(request);
      case DELETE -> delete(request);
      case LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private static Reply read(Request request) throws InterruptedException {
    var config = request.snapshot().config().get();
    if (config.isEmpty()) {
      return new Reply.Nothing();
    }
    var mark = request.snapshot().mount().get().map(state -> state.mark().value()).orElse("");
    return Reply.of(shown(config.get(), mark));
  }

  private static Map<String, Object> shown(MountConfig config, String mark) {
    var data = new LinkedHashMap<String, Object>();
    var organization = Optional.ofNullable(config.organization());
    data.put("region", config.region());
    data.put("domain", config.domain());
    data.put("api_url", config.endpoint().api().toString());
    data.put("login_url", config.endpoint().login().toString());
    data.put("allow_insecure_url", config.allowInsecureUrl());
    data.put("client_id", config.credential().id().value());
    data.put("ttl", config.ttl().toSeconds());
    data.put("max_ttl", config.maxTtl().toSeconds());
    data.put("name_prefix", config.namePrefix());
    data.put("revocation", config.revocation());
    data.put("history_days", config.keeping().days());
    data.put("keep_attribution", config.keeping().attribution());
    data.put("mount_id", mark);
    data.put("organization_id", organization.map(Organization::id).orElse(""));
    data.put("organization_name", organization.map(Organization::name).orElse(""));
    data.put("verified", config.verified());
    return data;
  }

  private Reply write(Request request) throws InterruptedException {
    try (var _ = locks.lock(request.mount().uuid(), "config")) {
      var storage = request.storage();
      var before = storage.config().get();
      var merged = new ConfigFields(request.fields(), before, time.now()).merged();
      var warnings = new ArrayList<String>();
      boolean verify = request.fields().flagOrDefault("verify_connection");
      var config =
          verify ? verified(request, merged, before, warnings) : unverified(merged, before);
      if (storage.mount().get().isEmpty()) {
        storage.mount().put(MountMark.of(ClientNaming.newMark(randomness)));
      }
      leave(storage, before, config.endpoint(), warnings);
      storage.config().put(config);
      connections.configWritten();
      // What waited for a better configuration waits no longer.
      mountClients.of(request.mount().uuid()).hurry(ClientSnapshot::leaving);
      staticRoles.queue(request.mount().uuid()).hurry();
      return Reply.written(warnings);
    }
  }

  private MountConfig verified(
      Request request, MountConfig config, Optional<MountConfig> before, List<String> warnings)
      throws InterruptedException {
    var genesys = connector.connect(config.endpoint(), config.credential());
    var directory = genesys.directory();
    var context = new CallContext(Lane.ISSUE, request.deadline());
    var learnt =
        switch (directory.organization(context)) {
          case Ok<Organization>(var answer) -> answer;
          case Failed<Organization>(Refused refused) ->
              throw RefusedException.badInput(
                  Failures.sentence(
                      refused,
                      "Nothing was written: check client_id and client_secret"
                          + " and whether they belong to this region"));
          case Failed<Organization>(var failure) ->
              throw Failures.refused(
                  failure,
                  "Nothing was written; verify_connection=false writes without asking Genesys");
        };
    var former = before.map(MountConfig::organization).orElse(null);
    boolean another = former != null && !former.isOrClaims(learnt.id());
    if (former != null && another) {
      refuseOtherOrganization(request, learnt, former, warnings);
    }
    var continuity = new OrganizationCheck(request.storage(), context);
    var organization = continuity.identify(learnt, config, before, genesys);
    if (!organization.equals(learnt)) {
      refuseClaim(request, learnt, config, before, warnings);
    } else if (former != null && !another && !former.id().equals(learnt.id())) {
      refuseOtherOrganization(request, learnt, former, warnings);
    }
    switch (directory.ownGrants(context)) {
      case Ok<Grants>(var grants) -> warnMissing(grants, warnings);
      case Failed<Grants>(var failure) ->
          warnings.add(
              Failures.sentence(
                  failure,
                  "What the client may do could not be read; it was written all the same"));
    }
    return config.verifiedFor(organization);
  }

  private static void warnMissing(Grants grants, List<String> warnings) {
    for (var permission : missingPermissions(grants)) {
      warnings.add(
          "the client lacks the permission %s: add it to one of the client's roles in Genesys"
              .formatted(permission));
    }
  }

  /** Returns the permissions that this engine asks of the mount's client, and that it lacks. */
  public static List<String> missingPermissions(Grants grants) {
    return NEEDED_PERMISSIONS.stream().filter(permission -> !grants.allows(permission)).toList();
  }

  /** Whoever may write config may name any host, and a host may say anything of itself. */
  private static void refuseClaim(
      Request request,
      Organization learnt,
      MountConfig config,
      Optional<MountConfig> before,
      List<String> warnings)
      throws InterruptedException {
    boolean known = before.filter(it -> config.endpoint().equals(it.proven())).isPresent();
    if (known) {
      return;
    }
    var claim =
        "%s says that it reaches organisation %s (%s), and does not know the clients that this mount made there, so its word alone would decide over them"
            .formatted(config.endpoint().api(), learnt.id(), learnt.name());
    if (!forced(request)) {
      throw RefusedException.badInput(
          "%s: write the addresses under which this mount's clients were made, or revoke their leases and delete their static roles first; force=true leaves the %d clients and static roles as they are, and uses these addresses for new ones alone"
              .formatted(claim, clients(request)));
    }
    warnings.add(claim + ": they are left as they are until config has their addresses again");
  }

  private static void refuseOtherOrganization(
      Request request, Organization organization, Organization former, List<String> warnings)
      throws InterruptedException {
    int clients = clients(request);
    if (clients > 0 && !forced(request)) {
      throw RefusedException.badInput(
          "this credential belongs to organisation %s (%s), and %d clients that this mount made live in %s (%s): revoke their leases and delete their static roles first, or use another mount; force=true abandons them there, live and with their leases, until config reaches that organisation again"
              .formatted(
                  organization.id(), organization.name(), clients, former.id(), former.name()));
    }
    if (clients > 0) {
      warnings.add(
          "%d clients that this mount made are left in organisation %s (%s): their records are kept, and they are decommissioned once config reaches it again"
              .formatted(clients, former.id(), former.name()));
    }
    warnings.add(
        "the organisation changed from %s to %s: roles keep the role and division ids of the former; write them again"
            .formatted(former.id(), organization.id()));
  }

  /** Keeps the organisation that is known, so that the first use compares with it. */
  private static MountConfig unverified(MountConfig config, Optional<MountConfig> before) {
    var former = before.orElse(null);
    var known = former == null ? null : former.organization();
    if (former == null || known == null) {
      return config;
    }
    boolean sameConnection =
        former.verified()
            && former.endpoint().equals(config.endpoint())
            && former.credential().id().equals(config.credential().id())
            && former.credential().secret().sameAs(config.credential().secret());
    return sameConnection ? config.verifiedFor(known) : config.unverifiedAfter(former);
  }

  /**
   * Keeps the addresses that are being left for static credentials that were stored without any,
   * before anything else is written.
   */
  private static void leave(
      MountStorage storage,
      Optional<MountConfig> before,
      @Nullable Endpoint next,
      List<String> warnings)
      throws InterruptedException {
    if (before.isEmpty() || before.get().endpoint().equals(next)) {
      return;
    }
    var state = storage.mount().get();
    if (before.get().verified() && state.isPresent()) {
      var leaving = state.get().leaving(before.get().endpoint());
      if (!leaving.equals(state.get())) {
        storage.mount().put(leaving);
      }
    }
    int roles = next == null ? 0 : storage.staticCredentials().names().size();
    if (roles > 0) {
      warnings.add(
          "%d static credentials are given out with the addresses under which they were made until their next rotation; rotate-role/<name> brings the new ones at once"
              .formatted(roles));
    }
  }

  private Reply delete(Request request) throws InterruptedException {
    try (var _ = locks.lock(request.mount().uuid(), "config")) {
      int clients = clients(request);
      if (clients > 0 && !forced(request)) {
        throw RefusedException.badInput(
            "%d clients that this mount made exist and could no longer be decommissioned: revoke their leases and delete their static roles first (%sclients and %sstatic-roles list them); force=true leaves them live until config is written again"
                .formatted(clients, request.mount().path(), request.mount().path()));
      }
      leave(request.storage(), request.storage().config().get(), null, new ArrayList<>());
      request.storage().config().delete();
      connections.configWritten();
      connections.forget(request.mount().uuid());
      return Reply.written(
          clients == 0
              ? List.of()
              : List.of(
                  "%d clients that this mount made are left as they are: their records are kept, and they are decommissioned once config reaches their organisation again"
                      .formatted(clients)));
    }
  }

  private static int clients(Request request) throws InterruptedException {
    return request.storage().clients().names().size()
        + request.storage().staticCredentials().names().size();
  }

  private static boolean forced(Request request) {
    return request.fields().flagOrDefault("force");
  }
}
