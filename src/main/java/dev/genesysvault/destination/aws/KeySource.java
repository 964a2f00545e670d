package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.resilience.Deadline;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** Where the keys come from by which requests are signed. */
interface KeySource {
  /** Returns those of now, or gets some. */
  AwsCredentials present(Deadline deadline) throws NotDoneException, InterruptedException;

  /** Takes note that AWS did not take keys that came from here. */
  default void refused(AwsCredentials keys) {}
}
