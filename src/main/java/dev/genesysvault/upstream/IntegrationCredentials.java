package dev.genesysvault.upstream;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import java.util.Optional;

/** The port to the credentials of one organisation's integrations. */
public interface IntegrationCredentials {
  /** Returns one credential. One call. */
  Outcome<IntegrationCredential> get(String id, CallContext context) throws InterruptedException;

  /**
   * Has a credential log in with an OAuth client; its name and type stay. One call, safe to repeat,
   * so a lost reply is {@code Unavailable}.
   *
   * @param shown what it was before
   * @return when that was, as Genesys writes it; 1 to 64 characters
   */
  Outcome<String> replace(
      String id, IntegrationCredential shown, Credential login, CallContext context)
      throws InterruptedException;

  /**
   * Returns when a credential was changed last, as their list shows it; empty where it does not.
   * One call a page.
   */
  Outcome<Optional<String>> modified(String id, CallContext context) throws InterruptedException;
}
