package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.mount.ConfigCheck;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.Grants;
import dev.genesysvault.upstream.TokenOwner;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A step of an import: whether Genesys shows a client that a static role may adopt. Changes
 * nothing.
 */
final class ImportChecks {
  /** What stands after each refusal. */
  static final String NOTHING = "Nothing was imported";

  private final Connections.Reached reached;
  private final CallContext context;
  private final Credential credential;
  private final Consumer<RefusedException> problems;
  private List<RoleDivision> missingPairs = List.of();
  private List<String> missingPermissions = List.of();

  /**
   * Prepares them for one client.
   *
   * @param problems takes what is wrong; where it throws that, nothing more is asked
   */
  ImportChecks(
      Request request,
      Connections.Reached reached,
      Credential credential,
      Consumer<RefusedException> problems) {
    this.reached = reached;
    this.context = new CallContext(Lane.ISSUE, request.deadline());
    this.credential = credential;
    this.problems = problems;
  }

  /** Returns roles in divisions that the client has and the mount's own client has not. */
  List<RoleDivision> missingPairs() {
    return missingPairs;
  }

  /** Returns the permissions that the mount's own client needs for rotations and has not. */
  List<String> missingPermissions() {
    return missingPermissions;
  }

  /**
   * Logs in as the client and looks at it.
   *
   * @return the client where Genesys shows it, whatever is wrong with it
   * @throws RefusedException where it cannot be known now, since Genesys is away or asks to wait
   */
  Optional<FoundClient> look() throws InterruptedException {
    if (credential.id().equals(reached.config().credential().id())) {
      problem("client_id is the mount's own client: it must not be rotated as a static role's");
      return Optional.empty();
    }
    logIn();
    var found = found();
    if (found.isPresent()) {
      check(found.get().body());
    }
    return found;
  }

  private void logIn() throws InterruptedException {
    var directory = reached.genesys().as(credential).directory();
    var owner =
        value(directory.tokenOwner(context), "check client_id and client_secret")
            .map(TokenOwner::id);
    if (owner.isEmpty()) {
      return;
    }
    var organization = value(directory.organization(context), "");
    if (organization.isPresent()
        && (!owner.get().equals(credential.id())
            || !reached.organization().isOrClaims(organization.get().id()))) {
      problem(
          "client_id logs in as client %s of organisation %s; must be %s of %s"
              .formatted(
                  owner.get(),
                  organization.get().id(),
                  credential.id(),
                  reached.organization().id()));
    }
  }

  private void check(ClientBody body) throws InterruptedException {
    var id = credential.id();
    if (!body.text("state").equals("active")) {
      problem(
          "client_id names client %s, whose state is %s; must be active"
              .formatted(id, body.text("state")));
    }
    if (!body.text("authorizedGrantType").equals(ClientBody.GRANT_TYPE)) {
      problem(
          "client_id names client %s of grant type %s; must be one of %s"
              .formatted(id, body.text("authorizedGrantType"), ClientBody.GRANT_TYPE));
    }
    var excess = body.excess();
    if (excess.isPresent()) {
      problem(
          "client_id names client %s, which has %s: its successors would be copies of it"
              .formatted(id, excess.get()));
    }
    var grants = value(reached.genesys().directory().ownGrants(context), "");
    if (grants.isPresent()) {
      compare(body, grants.get());
    }
  }

  private void compare(ClientBody body, Grants grants) {
    missingPermissions = ConfigCheck.missingPermissions(grants);
    missingPairs = List.copyOf(new TreeSet<>(grants.lacks(body.roleDivisions())));
    if (!missingPairs.isEmpty()) {
      problem(
          "the mount's client %s does not hold %s of client %s, and could neither copy nor end it: add these roles in these divisions to the mount's client in Genesys"
              .formatted(
                  reached.config().credential().id(), Texts.some(missingPairs), credential.id()));
    }
  }

  private Optional<FoundClient> found() throws InterruptedException {
    ClientId id = credential.id();
    return switch (reached.genesys().clients().get(id, context)) {
      case Ok<FoundClient>(var found) -> Optional.of(found);
      case Failed<FoundClient>(Refused refused) when refused.notFound() -> {
        problem("client_id is %s, and the organisation has no such client".formatted(id));
        yield Optional.empty();
      }
      case Failed<FoundClient>(var failure) -> {
        failed(failure);
        yield Optional.empty();
      }
    };
  }

  private <T> Optional<T> value(Outcome<T> outcome, String advice) {
    return switch (outcome) {
      case Ok<T>(var value) -> Optional.of(value);
      case Failed<T>(Refused refused) when refused.ofLogIn() -> {
        problem(Failures.sentence(refused, NOTHING + (advice.isEmpty() ? "" : ": " + advice)));
        yield Optional.empty();
      }
      case Failed<T>(var failure) -> {
        failed(failure);
        yield Optional.empty();
      }
    };
  }

  /** What Genesys itself refuses is found wrong; of any other failure nothing follows. */
  private void failed(UpstreamFailure failure) {
    var refusal = Failures.refused(failure, NOTHING);
    if (!(failure instanceof Refused)) {
      throw refusal;
    }
    problems.accept(refusal);
  }

  private void problem(String text) {
    problems.accept(RefusedException.badInput(text));
  }
}
