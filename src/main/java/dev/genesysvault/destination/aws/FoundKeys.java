package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The keys that this process finds, in the order that Amazon's tools have: environment, web
 * identity, profile, container, instance. The last two are asked of this host's own neighbourhood,
 * at addresses to which no proxy leads, and by Amazon's library itself, for a few seconds at most.
 */
final class FoundKeys implements KeySource {
  private static final int LONGEST_WHY = 600;

  private final AwsCredentialsProvider environment;
  private final Optional<KeySource> webIdentity;
  private final AwsCredentialsProvider others;
  private final Failures failures;

  /**
   * Makes one.
   *
   * @param webIdentity empty where the process has none
   */
  FoundKeys(Optional<KeySource> webIdentity, Failures failures) {
    this.environment = EnvironmentVariableCredentialsProvider.create();
    this.webIdentity = webIdentity;
    this.others =
        AwsCredentialsProviderChain.builder()
            .addCredentialsProvider(ProfileCredentialsProvider.create())
            .addCredentialsProvider(ContainerCredentialsProvider.create())
            .addCredentialsProvider(InstanceProfileCredentialsProvider.create())
            .build();
    this.failures = failures;
  }

  @Override
  public AwsCredentials present(Deadline deadline) throws NotDoneException, InterruptedException {
    var given = ofEnvironment();
    if (given.isPresent()) {
      return given.get();
    }
    if (webIdentity.isPresent()) {
      return webIdentity.get().present(deadline);
    }
    try {
      return others.resolveCredentials();
    } catch (AbortedException _) {
      throw new InterruptedException();
    } catch (SdkClientException e) {
      throw failures.ofLogIn(
          "no access key is given, and the sidecar's process finds none: give access_key_id and secret_access_key, or a role to its pod, container or instance",
          " (%s)".formatted(Texts.printable(String.valueOf(e.getMessage()), LONGEST_WHY)));
    }
  }

  private Optional<AwsCredentials> ofEnvironment() {
    try {
      return Optional.of(environment.resolveCredentials());
    } catch (SdkClientException _) {
      return Optional.empty();
    }
  }

  @Override
  public void refused(AwsCredentials keys) {
    webIdentity.ifPresent(it -> it.refused(keys));
  }
}
