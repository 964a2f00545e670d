package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.resilience.Randomness;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How marks, keys and names of our clients are made and recognised. */
public final class ClientNaming {
  private static final int MARK_BYTES = 8;
  private static final int KEY_BYTES = 12;

  private ClientNaming() {}

  /** Returns a mark that no other mount has: 64 random bits. */
  public static Mark newMark(Randomness randomness) {
    return new Mark(randomness.hex(MARK_BYTES));
  }

  /**
   * Returns the key of the client that a Vault request asks for, the same for a replay: 96 bits.
   */
  public static ClientKey keyOf(String requestId) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(StandardCharsets.UTF_8));
      return new ClientKey(HexFormat.of().formatHex(hash, 0, KEY_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Returns the name of an attempt.
   *
   * @param stem what it begins with; may be empty
   * @param attempt counted from 1
   */
  public static ClientName name(String stem, Mark mark, ClientKey key, int attempt) {
    var start = stem.isEmpty() ? "" : stem + "-";
    return new ClientName(start + proof(mark, key) + attempt);
  }

  /** Whether a name is one that this mount gave to the client of that key. */
  public static boolean isOurs(String name, Mark mark, ClientKey key) {
    return ("-" + name).contains("-" + proof(mark, key));
  }

  private static String proof(Mark mark, ClientKey key) {
    return mark + "-" + key + "-";
  }
}
