package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.aws.AwsSettings.Keys;
import dev.genesysvault.destination.aws.Sts.Caller;
import dev.genesysvault.destination.aws.Sts.WebIdentity;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** The Secrets Manager of one region, and who is logged in there. */
final class Secrets {
  private final AwsSettings settings;
  private final AwsClients clients;
  private final Failures failures;
  private final Sts sts;
  private final KeySource keys;

  Secrets(AwsSettings settings, Transport transport, Time time, Locks locks) {
    this.settings = settings;
    this.clients = new AwsClients(transport, time, settings);
    this.failures = new Failures(settings);
    this.sts = new Sts(clients, failures);
    this.keys = keys(time, locks);
  }

  private KeySource keys(Time time, Locks locks) {
    var own = settings.keys().<KeySource>map(Secrets::given).orElseGet(() -> found(time, locks));
    return settings
        .role()
        .<KeySource>map(role ->
            new SessionKeys(deadline -> sts.assumed(role, own, deadline), failures, time, locks))
        .orElse(own);
  }

  private static KeySource given(Keys given) {
    AwsCredentials keys = AwsBasicCredentials.create(given.id(), given.secret().reveal());
    return _ -> keys;
  }

  private KeySource found(Time time, Locks locks) {
    return new FoundKeys(
        WebIdentity.found()
            .map(identity ->
                new SessionKeys(
                    deadline -> sts.identified(identity, deadline), failures, time, locks)),
        failures);
  }

  /** Returns how it is set up. */
  AwsSettings settings() {
    return settings;
  }

  /** Returns who says what is wrong. */
  Failures failures() {
    return failures;
  }

  /**
   * Returns a secret, for one errand.
   *
   * @param sent texts that are to be sent and are not to come back in a message
   */
  SecretCalls secret(SecretId id, List<String> sent, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var elsewhere = id.region().filter(region -> !region.equals(settings.region()));
    if (elsewhere.isPresent()) {
      throw failures.ofEntry(
          id,
          "its ARN is of the region %s; must be one of %s, or name a destination of that region"
              .formatted(elsewhere.get(), settings.region()));
    }
    return new SecretCalls(this, id, keys.present(deadline), sent, deadline);
  }

  /** Returns who makes clients. */
  AwsClients clients() {
    return clients;
  }

  /** Takes note that keys are not taken any more. */
  void refused(AwsCredentials refused) {
    keys.refused(refused);
  }

  /** Returns who asks. */
  Caller caller(Deadline deadline) throws NotDoneException, InterruptedException {
    return sts.caller(keys.present(deadline), deadline);
  }
}
