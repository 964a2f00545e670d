package dev.genesysvault.lifecycle;

import dev.genesysvault.storage.ClientRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * How long what was begun may stay open.
 *
 * @param longestRequest how long a request of Vault may work on a client at most; Vault's own limit
 *     is 90 s where nobody changed {@code max_request_duration}
 * @param visibility how long after its creation Genesys may still answer 404 for a client that
 *     exists, or leave it out of a list; Genesys' own Terraform provider asks again for five
 *     minutes
 */
public record Delays(Duration longestRequest, Duration visibility) {
  /** What holds where nobody says otherwise. */
  public static final Delays STANDARD = new Delays(Duration.ofSeconds(90), Duration.ofMinutes(5));

  /** Checks the bounds. */
  public Delays {
    if (!longestRequest.isPositive() || !visibility.isPositive()) {
      throw new IllegalArgumentException(
          "longestRequest is %s, visibility is %s; both must be positive"
              .formatted(longestRequest, visibility));
    }
  }

  /** Returns when no request works on the latest attempt any more, nor comes back to it. */
  Instant settled(ClientRecord client) {
    return client.attempted().plus(longestRequest);
  }

  /** Returns when whatever the latest attempt made has become visible. */
  Instant visible(ClientRecord client) {
    return settled(client).plus(visibility);
  }
}
