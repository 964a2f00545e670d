package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientKey;
import java.util.HashSet;
import java.util.Set;

/** How far a session that opens has read the records; {@link ClientQueue} guards it. */
final class Loading {
  private final Set<ClientKey> removed = new HashSet<>();
  private boolean done;

  void begin() {
    removed.clear();
    done = false;
  }

  void done() {
    done = true;
  }

  boolean isDone() {
    return done;
  }

  /** Takes note of a record that is gone, and may yet be found by who began to read before. */
  void noteRemoved(ClientKey key) {
    if (!done) {
      removed.add(key);
    }
  }

  boolean removed(ClientKey key) {
    return removed.contains(key);
  }
}
