package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import java.util.List;

/**
 * The OAuth clients of one organisation, as far as the mount's own client may manage them. Each
 * method makes one call to Genesys (log-in aside) and asks nothing twice, but for a fresh token
 * after a 401; whether asking again is right is the caller's to decide from the failure.
 */
public interface OAuthClients {
  /**
   * Makes a client. A lost reply is {@code Unknown}: look for the body's name with {@link #list}
   * before asking again.
   */
  Outcome<Credential> create(ClientBody body, CallContext context) throws InterruptedException;

  /** Returns every client of the organisation that the mount's client may see, each once. */
  Outcome<List<FoundClient>> list(CallContext context) throws InterruptedException;

  /** Returns one client. */
  Outcome<FoundClient> get(ClientId id, CallContext context) throws InterruptedException;

  /** Replaces a client's members. Safe to repeat, so a lost reply is {@code Unavailable}. */
  Outcome<Done> replace(ClientId id, ClientBody body, CallContext context)
      throws InterruptedException;

  /**
   * Deletes a client, which must be inactive. Safe to repeat, so a lost reply is {@code
   * Unavailable}.
   */
  Outcome<Done> delete(ClientId id, CallContext context) throws InterruptedException;

  /**
   * Gives a client a new secret; the former one is dead at once. A lost reply is {@code
   * Unavailable}: asking again gives yet another secret.
   */
  Outcome<Credential> regenerateSecret(ClientId id, CallContext context)
      throws InterruptedException;
}
