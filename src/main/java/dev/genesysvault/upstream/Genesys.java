package dev.genesysvault.upstream;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.resilience.RateBudget;
import java.util.Optional;

/**
 * The port to one organisation, seen through one client of it: its own token and its own request
 * budget. Makes no call before the first one that is asked of it.
 */
public interface Genesys {
  /** Opens it, without a call to Genesys. */
  @FunctionalInterface
  interface Connector {
    /** Returns the organisation as that client sees it. */
    Genesys connect(Endpoint endpoint, Credential credential);
  }

  /** Its OAuth clients. */
  OAuthClients clients();

  /** Itself. */
  Directory directory();

  /** What its clients do. */
  ClientUsage usage();

  /** What its integrations log in with. */
  IntegrationCredentials integrations();

  /**
   * Returns the same organisation as another client of it sees it, with a token and a budget of its
   * own.
   */
  Genesys as(Credential other);

  /** What is left of its request budget. */
  RateBudget.Reading budget();

  /** Whether it is there, as the calls so far have shown. */
  Reachability.Reading reachability();

  /** Whether its lists of clients show all that there are; empty where none was read yet. */
  default Optional<ClientListHealth> clientLists() {
    return Optional.empty();
  }
}
