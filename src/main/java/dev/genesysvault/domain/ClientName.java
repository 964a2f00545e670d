package dev.genesysvault.domain;

/**
 * The name of an OAuth client at Genesys. Names need not be unique there; ours are, since they
 * carry {@link Mark} and {@link ClientKey}.
 *
 * @param value not blank
 */
public record ClientName(String value) {
  /** Checks the value. */
  public ClientName {
    if (value.isBlank()) {
      throw new IllegalArgumentException("client name is blank");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
