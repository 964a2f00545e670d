package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Tasks;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The port to the OAuth clients of one organisation, as far as the mount's own client may manage
 * them. Each method makes one call to Genesys (log-in aside) and asks nothing twice, but for a
 * fresh token after a 401; whether asking again is right is the caller's to decide from the
 * failure.
 */
public interface OAuthClients {
  /**
   * Makes a client, and returns what Genesys made of the body. A lost reply is {@code Unknown}:
   * look for the body's name with {@link #search(Predicate, CallContext)} before asking again.
   */
  Outcome<MadeClient> create(ClientBody body, CallContext context) throws InterruptedException;

  /**
   * Looks through all clients of the organisation that the mount's client may see, and keeps of
   * them what is looked for. One list, of one page or many, serves all who ask before its first
   * byte has come, and there is one at a time. It may take as long as it goes on.
   *
   * @param wanted asked of every client in the list, in another task: must neither wait nor throw
   * @param context whose deadline ends the wait, and the list where nobody else waits for it
   */
  Outcome<Searched> search(Predicate<ListedClient> wanted, CallContext context)
      throws InterruptedException;

  /**
   * As {@link #search(Predicate, CallContext)}, for whoever does not wait.
   *
   * @param whenDone told once, by then or in another task, unless it is interrupted before; must
   *     neither wait nor throw
   * @return interrupt it to look no more
   */
  Tasks.Task search(
      Predicate<ListedClient> wanted, Lane lane, Consumer<Outcome<Searched>> whenDone);

  /** Returns one client. */
  Outcome<FoundClient> get(ClientId id, CallContext context) throws InterruptedException;

  /**
   * Replaces a client's members. Safe to repeat, so a lost reply is {@code Unavailable}. {@link
   * Done#CLAIMED} too where the reply shows another state than was asked for.
   */
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
  Outcome<MadeClient> regenerateSecret(ClientId id, CallContext context)
      throws InterruptedException;
}
