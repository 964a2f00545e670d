package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientId;

/** The clients that readers of the mount's static roles use, or are about to. */
@FunctionalInterface
public interface LiveClients {
  /** Returns whether a client is one of them; asks storage only where memory cannot tell. */
  boolean has(ClientId id) throws InterruptedException;
}
