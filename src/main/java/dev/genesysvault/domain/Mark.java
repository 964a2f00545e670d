package dev.genesysvault.domain;

/**
 * The mount's id, made with its first configuration and carried by names and descriptions of every
 * client that it makes: the proof that a client is ours. Paths change and repeat; this does not.
 *
 * @param value 1 to 100 letters, digits, dots, dashes or underscores
 */
public record Mark(String value) {
  /** Checks the value. */
  public Mark {
    Identifiers.checked("mark", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
