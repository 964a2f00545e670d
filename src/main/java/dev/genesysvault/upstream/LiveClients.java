package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientId;
import java.util.Optional;

/** The clients that readers of the mount's static roles use, or are about to. */
@FunctionalInterface
public interface LiveClients {
  /**
   * Returns why a client is one of them, or may be one as far as can be told; empty where it is
   * none. Asks storage only where memory cannot tell.
   */
  Optional<String> keeping(ClientId id) throws InterruptedException;
}
