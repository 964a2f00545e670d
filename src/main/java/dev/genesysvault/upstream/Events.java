package dev.genesysvault.upstream;

import java.util.Map;

/**
 * The port to Vault's event bus, as one mount reaches it through the stream of a request or of its
 * session.
 */
@FunctionalInterface
public interface Events {
  /**
   * Sends an event. Whether anybody gets it is not known, and nothing may depend on it: where Vault
   * has no event bus, or the stream has ended, nothing happens.
   *
   * @param type such as {@code genesys/static-role-overdue}
   * @param metadata never holds a secret; Vault itself adds which mount the event is from
   * @throws InterruptedException when interrupted before Vault has taken it
   */
  void send(String type, Map<String, String> metadata) throws InterruptedException;
}
