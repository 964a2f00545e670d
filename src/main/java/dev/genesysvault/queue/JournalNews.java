package dev.genesysvault.queue;

import java.util.Map;

/** What a {@link ClientQueue}, which guards it, knows of the revokes that the plugin wrote down. */
final class JournalNews {
  private boolean read;
  private Map<String, String> unusable = Map.of();

  /** Forgets all. */
  void clear() {
    read = false;
    unusable = Map.of();
  }

  /** Takes note that somebody reads it now. */
  void taken() {
    read = false;
  }

  /** Takes note that it was read, and of the entries that could not be taken over, with reasons. */
  void read(Map<String, String> left) {
    read = true;
    unusable = Map.copyOf(left);
  }

  /** Whether all that was there when it was last taken is taken over, or known to be unusable. */
  boolean isRead() {
    return read;
  }

  Map<String, String> unusable() {
    return unusable;
  }
}
