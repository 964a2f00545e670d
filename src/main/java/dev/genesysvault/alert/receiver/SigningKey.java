package dev.genesysvault.alert.receiver;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A symmetric key of Standard Webhooks: {@code whsec_} and base64 of 24 to 64 bytes. Signs id,
 * timestamp and body with HMAC-SHA256.
 */
final class SigningKey {
  private static final String PREFIX = "whsec_";
  private static final int LEAST = 24;
  private static final int MOST = 64;

  private final SecretKeySpec key;

  private SigningKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException one sentence that quotes nothing of it
   */
  static SigningKey of(String field, String text) {
    var encoded = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
    try {
      var bytes = Base64.getDecoder().decode(encoded);
      if (bytes.length >= LEAST && bytes.length <= MOST) {
        return new SigningKey(bytes);
      }
    } catch (IllegalArgumentException _) {
      // Told below, as one of another length is.
    }
    throw new IllegalArgumentException(
        "%s is no key of Standard Webhooks; must be whsec_ and base64 of %d to %d bytes, as openssl rand -base64 32 makes them"
            .formatted(field, LEAST, MOST));
  }

  /** Returns a signature as the header {@code webhook-signature} lists it. */
  String signature(String id, Instant timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(
          "%s.%d.".formatted(id, timestamp.getEpochSecond()).getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** Shows nothing. */
  @Override
  public String toString() {
    return "SigningKey[redacted]";
  }
}
