package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Mark;
import java.util.ArrayList;
import java.util.List;

/**
 * A client as Genesys made it, in a reply that carries its secret.
 *
 * @param body its members, those that Genesys sets left out
 * @param correlationId Genesys' id for the request, or {@link
 *     dev.genesysvault.domain.UpstreamFailure#NO_CORRELATION_ID}
 */
public record MadeClient(Credential credential, ClientBody body, String correlationId) {

  /**
   * Returns in what a client differs from what was asked for, as far as that decides whether it is
   * handed out: what it may do, and whether it can be recognised later. Its description is not
   * among that, nor is what its name begins with.
   *
   * @param attempt counted from 1
   */
  public static List<String> differences(
      ClientBody wanted, ClientBody made, Mark mark, ClientKey key, int attempt) {
    var differences = new ArrayList<>(wanted.differencesInEffect(made));
    if (!ClientNaming.isAttempt(made.text("name"), mark, key, attempt)) {
      differences.add(
          "name is \"%s\" instead of \"%s\": without mark and key nobody could recognise the client, so let the name_template make shorter names"
              .formatted(made.text("name"), wanted.text("name")));
    }
    return differences;
  }
}
