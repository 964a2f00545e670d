package dev.genesysvault.destination.integration;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.OwnOrganization;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.destination.Value;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The credentials of the organisation's integrations. Genesys does not show what they hold, so each
 * sending writes, and a version is when that was, as Genesys says.
 */
final class IntegrationCredentialEntries implements Destination {
  private static final String TYPE = "pureCloudOAuthClient";
  private static final String DELETED = "it was deleted";

  @Override
  public Sent send(String entry, Value value, Errand errand) throws InterruptedException {
    try {
      var organization = reached(entry, errand);
      var login = login(value, organization);
      var shown = fit(entry, organization);
      var modified = value(organization.replace(entry, shown, login), entry, Failures.EDIT);
      if (isSame(modified, shown.modified())) {
        throw Failures.ofEntry(
            "Genesys took integration credential %s, and shows the time of the write before: tried again"
                .formatted(entry));
      }
      if (isAnother(fit(entry, organization), login.id().value())) {
        throw Failures.ofEntry(
            "Genesys took integration credential %s, and does not show it as it was written: somebody else may change it; tried again"
                .formatted(entry));
      }
      return new Sent.Confirmed(modified);
    } catch (NotDoneException e) {
      return new Sent.Failed(e.failure());
    }
  }

  @Override
  public Seen look(String entry, String version, Value value, Errand errand)
      throws InterruptedException {
    try {
      var organization = reached(entry, errand);
      var found = organization.credential(entry);
      if (found instanceof Failed<IntegrationCredential>(Refused refused) && isMissing(refused)) {
        return new Seen.Otherwise(DELETED);
      }
      var shown = value(found, entry, Failures.VIEW);
      if (isAnother(shown, String.valueOf(value.members().get("client_id")))) {
        return new Seen.Otherwise("it names client %s".formatted(shown.clientId()));
      }
      var modified =
          shown.modified().isEmpty()
              ? value(organization.modified(entry), entry, Failures.VIEW)
              : Optional.of(shown.modified());
      // Where no time is shown at all, there is nothing to compare.
      return modified
          .filter(time -> !isSame(time, version))
          .<Seen>map(
              time -> new Seen.Otherwise("it was modified at %s by somebody else".formatted(time)))
          .orElseGet(Seen.AsSent::new);
    } catch (NotDoneException e) {
      return new Seen.Failed(e.failure());
    }
  }

  /** What an integration logs in with is never taken away from it. */
  @Override
  public Removed remove(String entry, String version, Errand errand) {
    return new Removed.Done();
  }

  @Override
  public List<Finding> check(String entry, boolean writes, Errand errand)
      throws InterruptedException {
    var findings = new ArrayList<Finding>();
    try {
      var organization = reached(entry, errand);
      var lacks =
          value(organization.lacks(List.of(Failures.VIEW, Failures.EDIT)), entry, Failures.VIEW);
      findings.add(new Finding("log_in", true, "logged in as the mount's own client"));
      findings.add(
          new Finding(
              "permissions",
              lacks.isEmpty(),
              lacks.isEmpty()
                  ? "all that is needed for this entry"
                  : Failures.lacks(String.join(", ", lacks))));
      if (!lacks.contains(Failures.VIEW)) {
        findings.add(credential(entry, organization));
      }
    } catch (NotDoneException e) {
      findings.add(new Finding("log_in", false, e.failure().why().text()));
    }
    return List.copyOf(findings);
  }

  private static Finding credential(String entry, OwnOrganization organization)
      throws InterruptedException {
    try {
      var shown = fit(entry, organization);
      return new Finding(
          "credential", true, "\"%s\" of the type %s".formatted(Failures.name(shown), TYPE));
    } catch (NotDoneException e) {
      return new Finding("credential", false, e.failure().why().text());
    }
  }

  private static OwnOrganization reached(String entry, Errand errand)
      throws NotDoneException, InterruptedException {
    var unfit = IntegrationCredentialKind.unfit(entry);
    if (unfit.isPresent()) {
      throw Failures.ofEntry(unfit.get());
    }
    return switch (errand.own().find()) {
      case Found.Reached(var organization) -> organization;
      case Found.Not(var why) ->
          throw new NotDoneException(
              new DestinationFailure(Trouble.of(why), Extent.DESTINATION, Duration.ZERO));
    };
  }

  /** A secret goes to no other addresses than those under which it was made. */
  private static Credential login(Value value, OwnOrganization organization)
      throws NotDoneException {
    var members = value.members();
    if (!(members.get("client_id") instanceof String id)
        || !(members.get("client_secret") instanceof String secret)) {
      throw Failures.ofEntry(
          "the static role's destinations give this entry a template, which an integration's credential does not take: write them without it");
    }
    var endpoint = organization.endpoint();
    if (!endpoint.api().toString().equals(members.get("api_url"))
        || !endpoint.login().toString().equals(members.get("login_url"))) {
      throw Failures.ofEntry(
          "the credential was made under other addresses than config has now, %s, and goes nowhere else: write rotate-role/<name>, which makes one under these; where a rotation waits for this entry, write the former addresses to config until it is over, or take the entry off the role"
              .formatted(endpoint));
    }
    return new Credential(new ClientId(id), Secret.of(secret));
  }

  /** Returns a credential as it is shown now, and of the one type that holds a client. */
  private static IntegrationCredential fit(String entry, OwnOrganization organization)
      throws NotDoneException, InterruptedException {
    var shown = value(organization.credential(entry), entry, Failures.VIEW);
    if (!shown.type().equals(TYPE)) {
      throw Failures.wrongType(entry, shown, TYPE);
    }
    return shown;
  }

  private static <T> T value(Outcome<T> outcome, String entry, String permission)
      throws NotDoneException {
    return switch (outcome) {
      case Ok<T>(var value) -> value;
      case Failed<T>(var failure) -> throw Failures.of(failure, entry, permission);
    };
  }

  private static boolean isMissing(Refused refused) {
    return refused.notFound() && !refused.ofCaller();
  }

  /** Whether a client is shown, and is another one; what is no id is there to hide it. */
  private static boolean isAnother(IntegrationCredential shown, String clientId) {
    return IntegrationCredentialKind.isId(shown.clientId())
        && !shown.clientId().equalsIgnoreCase(clientId);
  }

  private static boolean isSame(String one, String other) {
    try {
      return one.equals(other) || Instant.parse(one).equals(Instant.parse(other));
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  /** Holds nothing. */
  @Override
  public String toString() {
    return "IntegrationCredentialEntries";
  }
}
