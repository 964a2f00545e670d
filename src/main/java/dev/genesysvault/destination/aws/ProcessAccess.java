package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.aws.Sts.WebIdentity;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * What the sidecar's process is at AWS, for whoever asks AWS in its name and is no destination: its
 * keys, and the sidecar's way to the network.
 */
public final class ProcessAccess {
  private final KeySource keys;
  private final Transport transport;

  private ProcessAccess(KeySource keys, Transport transport) {
    this.keys = keys;
    this.transport = transport;
  }

  /**
   * Makes it, and asks nobody.
   *
   * @param region in which STS is asked where a web identity is all there is
   * @throws IllegalArgumentException if that is no region; one sentence
   */
  public static ProcessAccess in(String region, Transport transport, Time time, Locks locks) {
    var settings = AwsSettings.parse(Map.of("region", region));
    var failures = new Failures(settings);
    var sts = new Sts(new AwsClients(transport, time, settings), failures);
    var identity =
        WebIdentity.found()
            .<KeySource>map(it ->
                new SessionKeys(deadline -> sts.identified(it, deadline), failures, time, locks));
    return new ProcessAccess(new FoundKeys(identity, failures), transport);
  }

  /**
   * Returns the keys of now, or gets some.
   *
   * @throws NotDoneException if there are none; its message says why
   */
  public AwsCredentials keys(Deadline deadline) throws NotDoneException, InterruptedException {
    return keys.present(deadline);
  }

  /** Returns the way to AWS for one call. */
  public SdkHttpClient http(Deadline deadline) {
    return new ErrandHttp(transport, deadline);
  }
}
