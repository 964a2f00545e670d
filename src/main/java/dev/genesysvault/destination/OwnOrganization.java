package dev.genesysvault.destination;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * The organisation that the mount itself reaches, as the mount's own client sees it and within that
 * client's request budget, by the deadline of the {@link Errand} that it came with.
 */
public interface OwnOrganization {
  /** Leads there. */
  @FunctionalInterface
  interface Way {
    /** Returns it, or why there is none; may ask Genesys. */
    Found find() throws InterruptedException;
  }

  /** What was at the end of the way. */
  sealed interface Found {
    /** It can be asked. */
    record Reached(OwnOrganization organization) implements Found {}

    /**
     * It cannot.
     *
     * @param why one sentence: what to do
     */
    record Not(String why) implements Found {}
  }

  /** Returns where it is reached. */
  Endpoint endpoint();

  /** Returns those of the permissions, such as {@code oauth:client:add}, that the client lacks. */
  Outcome<List<String>> lacks(List<String> permissions) throws InterruptedException;

  /** Returns an integration's credential as Genesys shows it. */
  Outcome<IntegrationCredential> credential(String id) throws InterruptedException;

  /**
   * Has an integration's credential log in with an OAuth client; its name and type stay. Safe to
   * repeat.
   *
   * @param shown what it was before
   * @return when that was, as Genesys writes it; 1 to 64 characters
   */
  Outcome<String> replace(String id, IntegrationCredential shown, Credential login)
      throws InterruptedException;

  /** Returns when an integration's credential was changed last; empty where no list shows that. */
  Outcome<Optional<String>> modified(String id) throws InterruptedException;
}
