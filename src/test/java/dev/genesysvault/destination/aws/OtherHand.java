package dev.genesysvault.destination.aws;

import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Whoever is at the secrets of a real AWS beside a destination. */
public final class OtherHand {
  private OtherHand() {}

  /**
   * Returns a client that asks where a destination asks, for ten minutes.
   *
   * @param given the destination's settings
   */
  public static SecretsManagerClient at(Map<String, String> given, Transport transport, Time time)
      throws Exception {
    var settings = AwsSettings.parse(given);
    var deadline = Deadline.in(Duration.ofMinutes(10), time);
    var keys =
        settings.keys().isPresent()
            ? AwsBasicCredentials.create(
                settings.keys().get().id(), settings.keys().get().secret().reveal())
            : new FoundKeys(Optional.empty(), new Failures(settings)).present(deadline);
    return new AwsClients(transport, time, settings).secrets(keys, deadline);
  }
}
