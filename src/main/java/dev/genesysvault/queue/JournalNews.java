package dev.genesysvault.queue;

import java.util.Map;

/** What a {@link ClientQueue}, which guards it, knows of the revokes that the plugin wrote down. */
final class JournalNews {
  private boolean read;
  private boolean known;
  private Map<String, String> unusable = Map.of();

  /** Forgets all. */
  void clear() {
    read = false;
    known = false;
    unusable = Map.of();
  }

  /** Takes note that somebody reads it now. */
  void taken() {
    read = false;
  }

  /** Takes note that it was read, and of the entries that could not be taken over, with reasons. */
  void read(Map<String, String> left) {
    read = true;
    known = true;
    unusable = Map.copyOf(left);
  }

  /** Whether all that was there when it was last taken is taken over, or known to be unusable. */
  boolean isRead() {
    return read;
  }

  /** Whether it was read at all, so that {@link #unusable} says something. */
  boolean isKnown() {
    return known;
  }

  Map<String, String> unusable() {
    return unusable;
  }
}
