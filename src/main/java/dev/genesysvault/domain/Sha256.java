package dev.genesysvault.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Pure functions: SHA-256 of what is there as a whole. */
public final class Sha256 {
  private Sha256() {}

  /** Returns the 32 bytes of a hash. */
  public static byte[] of(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the 32 bytes of the hash of a text's UTF-8. */
  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the beginning of a hash as lower-case hexadecimal digits.
   *
   * @param hash of 32 bytes
   * @param most bytes, two digits each
   */
  public static String hex(byte[] hash, int most) {
    return HexFormat.of().formatHex(hash, 0, most);
  }
}
