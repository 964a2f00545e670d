package dev.genesysvault.upstream;

import java.time.Instant;
import java.util.List;

/**
 * What the port to Genesys answers to a search through the organisation's list of clients.
 *
 * @param begun when Genesys was asked for the list: what was made later may be missing
 * @param found what was looked for, in the order of the list, each once
 * @param doubt why nothing follows from what is missing, in one sentence; empty where it does
 */
public record Searched(Instant begun, List<ListedClient> found, String doubt) {
  /** Copies what was found. */
  public Searched {
    found = List.copyOf(found);
  }

  /** Whether what was not found is not there, as far as Genesys shows what it has. */
  public boolean conclusive() {
    return doubt.isEmpty();
  }
}
