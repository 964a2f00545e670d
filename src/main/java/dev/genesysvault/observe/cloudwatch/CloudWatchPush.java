package dev.genesysvault.observe.cloudwatch;

import dev.genesysvault.destination.OptionalLibrary;
import dev.genesysvault.network.Transport;
import dev.genesysvault.observe.PushTarget;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.time.Duration;

/**
 * Pushes metrics to CloudWatch, in the region and with the keys that AWS's usual settings say. Its
 * own class knows no library, so that it can say that there is none.
 */
public final class CloudWatchPush {
  private CloudWatchPush() {}

  /**
   * Begins to push.
   *
   * @param namespace of the metrics
   * @param interval between two pushes
   * @throws IOException if the library or a region is missing; its message says what to do
   */
  public static PushTarget begin(
      String namespace, Duration interval, Transport transport, Time time, Locks locks)
      throws IOException {
    if (!OptionalLibrary.CLOUDWATCH.present()) {
      throw new IOException(
          "--metrics-cloudwatch-namespace is \"%s\", and the libraries for it are not there: put the folders lib/optional/cloudwatch and lib/optional/aws of the distribution in their places, or leave it out"
              .formatted(namespace));
    }
    return CloudWatchRegistry.begin(namespace, interval, transport, time, locks);
  }
}
