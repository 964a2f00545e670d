package dev.genesysvault.upstream;

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
 * @param propagation how long after its creation a client logs in for the first time: earlier, and
 *     caches of Genesys may keep grants that it does not have yet
 * @param overdue how much later than planned a rotation may reach its end before it is reported
 */
public record Delays(
    Duration longestRequest, Duration visibility, Duration propagation, Duration overdue) {
  /** What holds where nobody says otherwise. */
  public static final Delays STANDARD =
      new Delays(
          Duration.ofSeconds(90),
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          Duration.ofHours(1));

  private static final Duration BETWEEN_SEARCHES = Duration.ofMinutes(1);

  /** Checks the bounds. */
  public Delays {
    if (!longestRequest.isPositive()
        || !visibility.isPositive()
        || propagation.isNegative()
        || !overdue.isPositive()) {
      throw new IllegalArgumentException(
          "longestRequest is %s, visibility is %s, overdue is %s; each must be positive. propagation is %s; must not be negative"
              .formatted(longestRequest, visibility, overdue, propagation));
    }
  }

  /** Returns how long a search for what a lost create made waits for the next one. */
  public Duration betweenSearches() {
    return visibility.compareTo(BETWEEN_SEARCHES) < 0 ? visibility : BETWEEN_SEARCHES;
  }

  /** Returns when no request works on the latest attempt any more, nor comes back to it. */
  public Instant settled(ClientRecord client) {
    return client.attempted().plus(longestRequest);
  }

  /** Returns when whatever the latest attempt made has become visible. */
  public Instant visible(ClientRecord client) {
    return settled(client).plus(visibility);
  }
}
