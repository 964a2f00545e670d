package dev.genesysvault.domain;

/**
 * The key under which storage knows one client from before it is made until it is gone.
 *
 * @param value slashless, at least 96 bits of chance or of a request id's hash
 */
public record ClientKey(String value) {
  /** Checks the value. */
  public ClientKey {
    Identifiers.checked("client key", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
