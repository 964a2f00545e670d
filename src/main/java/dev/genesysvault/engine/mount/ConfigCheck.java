package dev.genesysvault.engine.mount;

import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.Grants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A look at Genesys with a configuration that is about to be written, while nobody holds the
 * configuration: what it found out is looked at again, by {@link #holds}, once it is held.
 */
public final class ConfigCheck {
  /** What the endpoints that this engine calls ask of the mount's client. */
  private static final List<String> NEEDED_PERMISSIONS =
      List.of("oauth:client:add", "oauth:client:view", "oauth:client:edit", "oauth:client:delete");

  private final Genesys.Connector connector;
  private final Request request;
  private final MountConfig config;
  private final Optional<MountConfig> before;
  private final CallContext context;
  private final OrganizationCheck clients;
  private final List<String> warnings = new ArrayList<>();

  /**
   * Prepares a look.
   *
   * @param config what is about to be written
   * @param before what is written now
   */
  ConfigCheck(
      Genesys.Connector connector,
      Request request,
      MountConfig config,
      Optional<MountConfig> before) {
    this.connector = connector;
    this.request = request;
    this.config = config;
    this.before = before;
    this.context = new CallContext(Lane.ISSUE, request.deadline());
    this.clients = new OrganizationCheck(request.storage(), context);
  }

  /** Returns what whoever writes the configuration should know; may be added to. */
  List<String> warnings() {
    return warnings;
  }

  /** Whether what was found out still holds; asked by who holds the configuration. */
  boolean holds() throws InterruptedException {
    return clients.holds();
  }

  private boolean forced() {
    return request.fields().flagOrDefault("force");
  }

  /**
   * Returns the configuration as Genesys was seen to take it.
   *
   * @throws RefusedException where Genesys refuses it, or is not the organisation of this mount's
   *     clients
   */
  MountConfig verified() throws InterruptedException {
    var genesys = connector.connect(config.endpoint(), config.credential());
    var directory = genesys.directory();
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
      refuseOtherOrganization(learnt, former);
    }
    var organization = clients.identify(learnt, config, before, genesys);
    if (!organization.equals(learnt)) {
      refuseClaim(learnt);
    } else if (former != null && !another && !former.id().equals(learnt.id())) {
      refuseOtherOrganization(learnt, former);
    }
    switch (directory.ownGrants(context)) {
      case Ok<Grants>(var grants) -> warnMissing(grants);
      case Failed<Grants>(var failure) ->
          warnings.add(
              Failures.sentence(
                  failure,
                  "What the client may do could not be read; it was written all the same"));
    }
    return config.verifiedFor(organization);
  }

  private void warnMissing(Grants grants) {
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
  private void refuseClaim(Organization learnt) throws InterruptedException {
    boolean known = before.filter(it -> config.endpoint().equals(it.proven())).isPresent();
    if (known) {
      return;
    }
    var claim =
        "%s says that it reaches organisation %s (%s), and does not know the clients that this mount made there, so its word alone would decide over them"
            .formatted(config.endpoint().api(), learnt.id(), learnt.name());
    if (!forced()) {
      throw RefusedException.badInput(
          "%s: write the addresses under which this mount's clients were made, or revoke their leases and delete their static roles first; force=true leaves the %d clients and static roles as they are, and uses these addresses for new ones alone"
              .formatted(claim, clients.clients()));
    }
    warnings.add(claim + ": they are left as they are until config has their addresses again");
  }

  private void refuseOtherOrganization(Organization organization, Organization former)
      throws InterruptedException {
    int left = clients.none() ? 0 : clients.clients();
    if (left > 0 && !forced()) {
      throw RefusedException.badInput(
          "this credential belongs to organisation %s (%s), and %d clients that this mount made live in %s (%s): revoke their leases and delete their static roles first, or use another mount; force=true abandons them there, live and with their leases, until config reaches that organisation again"
              .formatted(organization.id(), organization.name(), left, former.id(), former.name()));
    }
    if (left > 0) {
      warnings.add(
          "%d clients that this mount made are left in organisation %s (%s): their records are kept, and they are decommissioned once config reaches it again"
              .formatted(left, former.id(), former.name()));
    }
    warnings.add(
        "the organisation changed from %s to %s: roles keep the role and division ids of the former; write them again"
            .formatted(former.id(), organization.id()));
  }
}
