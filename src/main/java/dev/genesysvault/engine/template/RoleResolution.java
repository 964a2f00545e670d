package dev.genesysvault.engine.template;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.ClientIds;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.storage.ClientTemplate;
import dev.genesysvault.upstream.Directory;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.Grants;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks Genesys which roles and divisions a role or static role means, and whether the mount may
 * grant them.
 */
public final class RoleResolution {
  private static final String NOTHING_WRITTEN = "The role was not written";

  private final Request request;
  private final Connections connections;
  private final MountStaticRoles staticRoles;

  public RoleResolution(Request request, Connections connections, MountStaticRoles staticRoles) {
    this.request = request;
    this.connections = connections;
    this.staticRoles = staticRoles;
  }

  /**
   * Returns the template that a write means, over the one before; what was left out stays.
   *
   * @param before its pairs stay where the write gives none
   */
  public ClientTemplate template(Optional<ClientTemplate> before) throws InterruptedException {
    var fields = request.fields();
    var template = new TemplateFields(fields, before);
    // Everything that needs no answer of Genesys is checked before it is asked.
    var _ = template.merged(Set.of(), "");
    var wanted = fields.list("role_divisions").map(RequestedPair::parse);
    var templateClient = fields.text("template_client_id").filter(text -> !text.isEmpty());
    boolean skip = fields.flagOrDefault("skip_verification");
    if (wanted.isPresent() && templateClient.isPresent()) {
      throw RefusedException.badInput(
          "role_divisions and template_client_id are both given; give one of them");
    }
    if (wanted.isPresent()) {
      return template.merged(ofWanted(wanted.get(), skip), "");
    }
    if (templateClient.isPresent()) {
      if (skip) {
        throw RefusedException.badInput(
            "template_client_id is copied from Genesys, and skip_verification=true asks Genesys nothing: give role_divisions");
      }
      return template.merged(ofTemplate(templateClient.get()), templateClient.get());
    }
    var former =
        before.orElseThrow(() ->
            RefusedException.badInput(
                "role_divisions is missing: say what a client gets, or name an existing client with template_client_id"));
    return template.merged(former.roleDivisions(), former.templateClientId());
  }

  /** Returns the pairs that were written, the home division put in where none was given. */
  private Set<RoleDivision> ofWanted(List<RequestedPair> wanted, boolean skipVerification)
      throws InterruptedException {
    var home = wanted.stream().filter(RequestedPair::inHomeDivision).findFirst();
    if (skipVerification) {
      if (home.isPresent()) {
        throw RefusedException.badInput(
            "role_divisions gives role %s no division, and skip_verification=true asks Genesys nothing: name the division"
                .formatted(home.get().roleId()));
      }
      return resolved(wanted, "");
    }
    var reached = connections.reach(request);
    var directory = reached.genesys().directory();
    var homeDivision = home.isPresent() ? value(directory.homeDivision(context())) : "";
    return held(resolved(wanted, homeDivision), directory, reached);
  }

  /** Returns the pairs of an existing client. */
  private Set<RoleDivision> ofTemplate(String templateClientId) throws InterruptedException {
    var id = ClientIds.clientId("template_client_id").apply(templateClientId);
    var reached = connections.reach(request);
    if (id.equals(reached.config().credential().id())) {
      throw RefusedException.badInput(
          "template_client_id is the mount's own client: a role must not hand out what the mount itself may do");
    }
    var look = reached.genesys().clients().get(id, context());
    staticRoles.present(request.mount().uuid()).saw(id, look, request.events());
    var template = template(look, id.value());
    var body = template.body();
    if (!body.text("authorizedGrantType").equals(ClientBody.GRANT_TYPE)) {
      throw RefusedException.badInput(
          "template_client_id names client %s of grant type %s; must be one of %s"
              .formatted(id, body.text("authorizedGrantType"), ClientBody.GRANT_TYPE));
    }
    if (body.roleDivisions().isEmpty()) {
      throw RefusedException.badInput(
          "template_client_id names client %s, which has no roles to copy".formatted(id));
    }
    var excess = body.excess();
    if (excess.isPresent()) {
      throw RefusedException.badInput(
          "template_client_id names client %s, which has %s".formatted(id, excess.get()));
    }
    return held(body.roleDivisions(), reached.genesys().directory(), reached);
  }

  private static FoundClient template(Outcome<FoundClient> outcome, String id) {
    return switch (outcome) {
      case Ok<FoundClient>(var found) -> found;
      case Failed<FoundClient>(Refused refused) when refused.notFound() ->
          throw RefusedException.badInput(
              "template_client_id is %s, and the organisation has no such client".formatted(id));
      case Failed<FoundClient>(Refused refused) when refused.status() == 403 ->
          throw RefusedException.badInput(
              Failures.sentence(
                  refused,
                  NOTHING_WRITTEN
                      + ": the mount's client needs oauth:client:view, in one of its roles in Genesys"));
      case Failed<FoundClient>(var failure) -> throw Failures.refused(failure, NOTHING_WRITTEN);
    };
  }

  private Set<RoleDivision> held(
      Set<RoleDivision> pairs, Directory directory, Connections.Reached reached)
      throws InterruptedException {
    Grants grants = value(directory.ownGrants(context()));
    var missing = grants.lacks(pairs);
    if (!missing.isEmpty()) {
      throw RefusedException.badInput(
          "the mount's client %s does not hold %s, and Genesys lets it grant only what it holds: add these roles in these divisions to it in Genesys, or write with skip_verification=true"
              .formatted(reached.config().credential().id(), Texts.some(missing)));
    }
    return pairs;
  }

  private CallContext context() {
    return new CallContext(Lane.ISSUE, request.deadline());
  }

  private static <T> T value(Outcome<T> outcome) {
    return switch (outcome) {
      case Ok<T>(var value) -> value;
      case Failed<T>(var failure) ->
          throw Failures.refused(
              failure, NOTHING_WRITTEN + "; skip_verification=true writes without asking Genesys");
    };
  }

  private static Set<RoleDivision> resolved(List<RequestedPair> wanted, String homeDivisionId) {
    var pairs = new TreeSet<RoleDivision>();
    wanted.forEach(pair -> pairs.add(pair.resolved(homeDivisionId)));
    return pairs;
  }
}
