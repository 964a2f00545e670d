package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import java.time.Instant;

/**
 * The port to what Genesys counts of the calls that a client makes of its API; log-ins are not
 * among them. It counts with a delay that nobody has published. One call a method.
 */
public interface ClientUsage {
  /**
   * Begins to count; returns what to ask {@link #count} with. Safe to repeat, so a lost reply is
   * {@code Unavailable}.
   *
   * @param from when to begin; Genesys may take whole days
   */
  Outcome<Query> query(ClientId id, Instant from, Instant to, CallContext context)
      throws InterruptedException;

  /** Returns how far the counting is. */
  Outcome<Count> count(Query query, CallContext context) throws InterruptedException;

  /**
   * A count under way.
   *
   * @param id of the client that is counted
   * @param executionId by which Genesys knows it
   */
  record Query(ClientId id, String executionId) {
    /** Checks it. */
    public Query {
      if (executionId.isBlank()) {
        throw new IllegalArgumentException("executionId is blank");
      }
    }
  }

  /** Where a count stands. */
  sealed interface Count {
    /** Not done yet. */
    record Running() implements Count {}

    /** It will never be done. */
    record Failed() implements Count {}

    /**
     * Done.
     *
     * @param requests that the client made in the time asked for; at least 0
     */
    record Complete(long requests) implements Count {}
  }
}
