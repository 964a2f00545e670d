package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Sha256;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Randomness;
import java.util.Locale;
import java.util.Optional;

/** How marks, keys and names of our clients are made and recognised. */
public final class ClientNaming {
  private static final int MARK_BYTES = 8;
  private static final int KEY_BYTES = 12;
  private static final int LONGEST_KEY = 100;

  private ClientNaming() {}

  /** Returns a mark that no other mount has: 64 random bits. */
  public static Mark newMark(Randomness randomness) {
    return new Mark(randomness.hex(MARK_BYTES));
  }

  /**
   * Returns the key of the client that a Vault request asks for, the same for a replay: 96 bits.
   */
  public static ClientKey keyOf(String requestId) {
    return new ClientKey(Sha256.hex(Sha256.of(requestId), KEY_BYTES));
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

  /**
   * Whether a name is one that this mount gave to the client of that key, whatever became of the
   * rest of it and of the case of its letters on their way through Genesys: mark, key and number
   * are ASCII without white space, and always there.
   */
  public static boolean isOurs(String name, Mark mark, ClientKey key) {
    return after(name, mark, key).isPresent();
  }

  /**
   * As {@link #isOurs}, of one attempt: while an attempt is being replaced, what an earlier one
   * made is another client.
   *
   * @param attempt counted from 1
   */
  public static boolean isAttempt(String name, Mark mark, ClientKey key, int attempt) {
    var number = Integer.toString(attempt);
    return after(name, mark, key)
        .filter(rest -> rest.startsWith(number))
        .filter(rest ->
            rest.length() == number.length() || !Texts.isDigit(rest.charAt(number.length())))
        .isPresent();
  }

  /**
   * Returns the key of the client to which this mount gave a name, for whoever looks for many of
   * them in a long list; empty where the name is not of this mount. Keys have no dash in them.
   */
  public static Optional<ClientKey> keyIn(String name, Mark mark) {
    return afterProof(name, mark + "-")
        .map(rest -> rest.substring(0, Math.max(0, rest.indexOf('-'))))
        .filter(key -> !key.isEmpty() && key.length() <= LONGEST_KEY)
        .filter(key -> key.chars().allMatch(ClientNaming::isLetterOrDigit))
        .map(ClientKey::new);
  }

  private static String proof(Mark mark, ClientKey key) {
    return mark + "-" + key + "-";
  }

  /** Returns what follows mark and key. */
  private static Optional<String> after(String name, Mark mark, ClientKey key) {
    return afterProof(name, proof(mark, key));
  }

  /** Returns in lower case what follows a proof that begins the name or follows a dash. */
  private static Optional<String> afterProof(String name, String proof) {
    var lower = "-" + name.toLowerCase(Locale.ROOT);
    var wanted = "-" + proof.toLowerCase(Locale.ROOT);
    int at = lower.lastIndexOf(wanted);
    return at < 0 ? Optional.empty() : Optional.of(lower.substring(at + wanted.length()));
  }

  private static boolean isLetterOrDigit(int character) {
    return Texts.isDigit(character) || (character >= 'a' && character <= 'z');
  }
}
