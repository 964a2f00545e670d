package dev.genesysvault.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A client secret or an access token. Its text leaves through {@link #reveal()} only, so that a
 * search for {@code reveal()} lists every place where a secret can escape.
 */
public final class Secret {
  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /**
   * Wraps a text.
   *
   * @throws IllegalArgumentException if the text is blank
   */
  public static Secret of(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("secret is blank");
    }
    return new Secret(text);
  }

  /** Returns the text, for the one message that must carry it. Never log, store or format it. */
  public String reveal() {
    return text;
  }

  /** Compares in time that depends on length only. */
  public boolean sameAs(Secret other) {
    return MessageDigest.isEqual(
        text.getBytes(StandardCharsets.UTF_8), other.text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}
