package dev.genesysvault.queue;

import dev.genesysvault.resilience.Deadline;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link ClientQueue}, which guards it, knows of the revokes that the plugin wrote down. */
final class JournalNews {
  private boolean due;

  /** Before which it is not read; null for none. */
  private @Nullable Deadline notBefore;

  private boolean read;
  private Map<String, String> unusable = Map.of();

  /** Forgets all; {@code toRead} says whether anybody is there to read. */
  void clear(boolean toRead) {
    due = toRead;
    notBefore = null;
    read = false;
    unusable = Map.of();
  }

  /** Takes note that it may hold more than what was read. */
  void written() {
    due = true;
  }

  /** Takes note that it is to be read after a while, and not before. */
  void later(Deadline when) {
    due = true;
    notBefore = when;
  }

  /** Returns how long to wait until it is to be read, or something else is to be done. */
  Duration orEarlier(Duration other) {
    var left = left();
    return left.isPositive() && left.compareTo(other) < 0 ? left : other;
  }

  private Duration left() {
    return notBefore == null ? Duration.ZERO : notBefore.left();
  }

  /** Returns whether it is to be read now; whoever is told so reads it. */
  boolean take() {
    if (left().isPositive()) {
      return false;
    }
    boolean taken = due;
    read &= !due;
    due = false;
    return taken;
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
