package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome;
import java.util.List;

/** What the background session does next. */
sealed interface Work {
  /** Read what the plugin wrote down while the sidecar was away. */
  record Journal() implements Work {}

  /** One step with one client. */
  record One(ClientKey key, Step step) implements Work {}

  /** One look at Genesys for all of these. */
  record Search(List<ClientKey> keys) implements Work {
    public Search {
      keys = List.copyOf(keys);
    }
  }

  /**
   * What such a look came to.
   *
   * @param actor who looked
   */
  record Found(List<ClientKey> keys, Actor actor, Outcome<Searched> outcome) implements Work {
    public Found {
      keys = List.copyOf(keys);
    }
  }
}
