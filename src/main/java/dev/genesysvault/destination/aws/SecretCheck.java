package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.aws.SecretCalls.Described;
import dev.genesysvault.destination.aws.Sts.Caller;
import dev.genesysvault.resilience.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries what a destination needs, and changes nothing that a reader gets. */
final class SecretCheck {
  /** A label that no reader asks for. */
  static final String LABEL = "GENESYS_VAULT_CHECK";

  private static final String TEXT = "{\"check\":\"of a Vault secrets engine; holds no secret\"}";

  private final Secrets secrets;

  SecretCheck(Secrets secrets) {
    this.secrets = secrets;
  }

  /** One thing to try. */
  @FunctionalInterface
  private interface Trial {
    Finding run() throws NotDoneException, InterruptedException;
  }

  /** Tries the log-in, and where it succeeds the rest. */
  List<Finding> findings(SecretId id, boolean writes, Errand errand) throws InterruptedException {
    var findings = new ArrayList<Finding>();
    findings.add(finding("log_in", () -> logIn(errand.deadline())));
    if (findings.getFirst().passed()) {
      try (var secret = secrets.secret(id, List.of(), errand.deadline())) {
        findings.addAll(ofSecret(secret, writes, errand.id().toString()));
      } catch (NotDoneException e) {
        findings.add(new Finding("secret", false, e.failure().why().text()));
      }
    }
    return List.copyOf(findings);
  }

  private static Finding finding(String name, Trial trial) throws InterruptedException {
    try {
      return trial.run();
    } catch (NotDoneException e) {
      return new Finding(name, false, e.failure().why().text());
    }
  }

  private Finding logIn(Deadline deadline) throws NotDoneException, InterruptedException {
    var detail =
        switch (secrets.caller(deadline)) {
          case Caller.Known(var arn) -> "logged in as " + arn;
          case Caller.Unseen(var why) ->
              "not seen: STS is not reached, which is needed for role_arn alone (%s)"
                  .formatted(why);
        };
    return new Finding("log_in", true, detail);
  }

  private List<Finding> ofSecret(SecretCalls secret, boolean writes, String version)
      throws InterruptedException {
    Optional<Described> described;
    try {
      described = secret.described();
    } catch (NotDoneException e) {
      return List.of(new Finding("secret", false, e.failure().why().text()));
    }
    var findings = new ArrayList<Finding>();
    findings.add(there(described));
    var living = described.filter(it -> !it.deleting());
    if (living.isPresent()) {
      var it = living.get();
      findings.add(finding("read", () -> read(secret, it)));
    }
    if (writes) {
      boolean fit = living.isPresent() && findings.getFirst().passed();
      findings.add(finding("write", () -> write(secret, described, fit, version)));
    }
    return findings;
  }

  private Finding there(Optional<Described> described) {
    var settings = secrets.settings();
    if (described.isEmpty()) {
      return settings.creation().isPresent()
          ? new Finding("secret", true, "it is not there, and will be made")
          : new Finding(
              "secret",
              false,
              "it is not there: create it, or set create_secret on the destination");
    }
    if (described.get().deleting()) {
      return settings.restores()
          ? new Finding("secret", true, "it is scheduled for deletion, and will be restored")
          : new Finding(
              "secret",
              false,
              "it is scheduled for deletion: restore it, or set restore_secret on the destination");
    }
    return AwsSecretsManager.unfit(described.get())
        .map(why -> new Finding("secret", false, why))
        .orElseGet(() -> new Finding("secret", true, "it is there"));
  }

  private static Finding read(SecretCalls secret, Described described)
      throws NotDoneException, InterruptedException {
    var current = secret.current();
    if (current.isPresent()) {
      return new Finding(
          "read", true, "version %s is the current one".formatted(current.get().version()));
    }
    return described.holder(SecretCalls.CURRENT).isEmpty()
        ? new Finding("read", true, "not seen: it has no current version yet")
        : new Finding("read", false, "it has a current version, and does not show it: try again");
  }

  private static Finding write(
      SecretCalls secret, Optional<Described> described, boolean fit, String version)
      throws NotDoneException, InterruptedException {
    if (described.isEmpty()) {
      return new Finding("write", true, "not tried: there is no secret to write to yet");
    }
    if (!fit) {
      return new Finding("write", true, "not tried: the secret is not one to write to now");
    }
    if (described.get().holder(SecretCalls.CURRENT).isEmpty()) {
      return new Finding(
          "write", true, "not tried: a secret's first version is what its readers get");
    }
    secret.put(version, TEXT, LABEL);
    // What has no label is AWS' to remove.
    secret.move(LABEL, Optional.empty(), Optional.of(version));
    return new Finding(
        "write",
        true,
        "a version that no reader gets was written, and given up; PutSecretValue and UpdateSecretVersionStage are allowed");
  }
}
