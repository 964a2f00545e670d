package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientKey;
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
}
