package dev.genesysvault.domain;

import java.util.Optional;

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

  /** Returns the key of this text; empty where it is none. */
  public static Optional<ClientKey> read(String text) {
    return Optional.of(text).filter(Identifiers::isSafe).map(ClientKey::new);
  }

  @Override
  public String toString() {
    return value;
  }
}
