package dev.genesysvault.queue;

import java.util.Map;

/** What a {@link ClientQueue}, which guards it, knows of the revokes that the plugin wrote down. */
final class JournalNews {
  private boolean due;
  private boolean read;
  private Map<String, String> unusable = Map.of();

  /** Forgets all; {@code toRead} says whether anybody is there to read. */
  void clear(boolean toRead) {
    due = toRead;
    read = false;
    unusable = Map.of();
  }

  /** Takes note that it may hold more than what was read. */
  void written() {
    due = true;
  }

  /** Takes note that somebody reads it now. */
  void taken() {
    read = false;
    due = false;
  }

  /** Takes note that it was read, and of the entries that could not be taken over, with reasons. */
  void read(Map<String, String> left) {
    read = true;
    unusable = Map.copyOf(left);
  }

  /** Whether everything that was written so far is taken over, or known to be unusable. */
  boolean known() {
    return read && !due;
  }

  Map<String, String> unusable() {
    return unusable;
  }
}
