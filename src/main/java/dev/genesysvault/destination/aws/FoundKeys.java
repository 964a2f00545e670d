package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import java.util.List;
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
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * The keys that this process finds, in the order that Amazon's tools have: environment, web
 * identity, profile, container, instance. The last two are asked of this host's own neighbourhood,
 * at addresses to which no proxy leads, and by Amazon's library itself, for a few seconds at most.
 */
final class FoundKeys implements KeySource {
  private static final int LONGEST_WHY = 600;
  private static final List<String> UNFIT =
      List.of(
          "credential_process",
          "role_arn",
          "web_identity_token_file",
          "sso_session",
          "sso_start_url");

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
    var unfit = unfitProfile();
    if (unfit.isPresent()) {
      throw failures.ofLogIn(
          "the profile that the sidecar's process has says %s, which is not followed here: give it an access key, or set role_arn on the destination"
              .formatted(unfit.get()));
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

  /**
   * Returns what a profile says that would run a program, which may never end, or ask others past
   * the sidecar's way to the network; empty where it says nothing of that.
   */
  private static Optional<String> unfitProfile() {
    try {
      var name = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
      return ProfileFile.defaultProfileFile()
          .profile(name)
          .flatMap(profile ->
              UNFIT.stream().filter(field -> profile.property(field).isPresent()).findFirst());
    } catch (IllegalArgumentException | IllegalStateException _) {
      // What cannot be read is told when it is used.
      return Optional.empty();
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
