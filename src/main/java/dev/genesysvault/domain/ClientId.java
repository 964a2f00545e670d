package dev.genesysvault.domain;

/**
 * The id that Genesys gave an OAuth client.
 *
 * @param value 1 to 100 letters, digits, dots, dashes or underscores; Genesys uses UUIDs
 */
public record ClientId(String value) {
  /** Checks the value. */
  public ClientId {
    Identifiers.checked("client id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
