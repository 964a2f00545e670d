package dev.genesysvault.destination;

import java.util.List;
import java.util.Locale;

/**
 * A library that only one kind of destinations needs, or a way to push metrics, and that a sidecar
 * may be without. It is loaded when it is used first.
 */
public enum OptionalLibrary {
  /** Amazon's, for {@code aws_secrets_manager}. */
  AWS("software.amazon.awssdk.services.secretsmanager.SecretsManagerClient"),
  /** Google's, for {@code gcp_secret_manager}. */
  GCP("com.google.cloud.secretmanager.v1.SecretManagerServiceClient"),
  /** For metrics in CloudWatch; needs {@link #AWS} beside it. */
  CLOUDWATCH(
      "io.micrometer.cloudwatch2.CloudWatchMeterRegistry",
      "software.amazon.awssdk.services.cloudwatch.CloudWatchClient",
      "software.amazon.awssdk.services.sts.StsClient");

  @SuppressWarnings("ImmutableEnumChecker") // Nobody can change what List.of gives.
  private final List<String> entrances;

  OptionalLibrary(String... entrances) {
    this.entrances = List.of(entrances);
  }

  /** Returns the words by which they are named. */
  public static List<String> words() {
    return List.of(values()).stream().map(OptionalLibrary::word).toList();
  }

  /** Returns the word by which it is named: its folder's. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this process has it. */
  public boolean present() {
    return entrances.stream()
        .map(entrance -> entrance.replace('.', '/') + ".class")
        .allMatch(file -> OptionalLibrary.class.getClassLoader().getResource(file) != null);
  }

  /**
   * Does nothing where this process has it.
   *
   * @throws IllegalArgumentException where it has not; one sentence: what to do
   */
  public void require(String kind) {
    if (!present()) {
      throw new IllegalArgumentException(
          "the kind %s needs a library that this sidecar was started without: put the folder lib/optional/%s of its distribution in its place, and start it again"
              .formatted(kind, word()));
    }
  }

  /** Loads it now, so that nobody waits for that later. */
  public void load() {
    try {
      for (var entrance : entrances) {
        Class.forName(entrance, true, OptionalLibrary.class.getClassLoader());
      }
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalStateException("lib/optional/%s is not whole".formatted(word()), e);
    }
  }
}
