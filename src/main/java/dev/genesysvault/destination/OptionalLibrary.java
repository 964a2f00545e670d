package dev.genesysvault.destination;

import java.util.List;
import java.util.Locale;

/**
 * A library that only one kind of destinations needs, and that a sidecar may be without. It is
 * loaded when it is used first.
 */
public enum OptionalLibrary {
  /** Amazon's, for {@code aws_secrets_manager}. */
  AWS("software.amazon.awssdk.services.secretsmanager.SecretsManagerClient"),
  /** Google's, for {@code gcp_secret_manager}. */
  GCP("com.google.cloud.secretmanager.v1.SecretManagerServiceClient");

  private final String entrance;

  OptionalLibrary(String entrance) {
    this.entrance = entrance;
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
    var file = entrance.replace('.', '/') + ".class";
    return OptionalLibrary.class.getClassLoader().getResource(file) != null;
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
      Class.forName(entrance, true, OptionalLibrary.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalStateException("lib/optional/%s is not whole".formatted(word()), e);
    }
  }
}
