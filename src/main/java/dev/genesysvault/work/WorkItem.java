package dev.genesysvault.work;

import dev.genesysvault.domain.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work in a {@link WorkQueue}, which guards it: with what priority and until when it
 * waits, how often it failed, and of what.
 *
 * @param <P> the priorities that it may have
 */
public abstract class WorkItem<P extends Enum<P>> {
  /** There are as many in memory as there is work. */
  private static final int LONGEST_ERROR = 1_000;

  /** Null before the first time, and while it does not wait. */
  private @Nullable P priority;

  private Instant due = Instant.MIN;
  private int attempts;
  private String lastError = "";

  /** Makes one that waits nowhere. */
  protected WorkItem() {}

  /** Returns when it is due, or was due when it was last placed. */
  public final Instant due() {
    return due;
  }

  /** Whether it waits, and nobody has taken it. */
  public final boolean waits() {
    return priority != null;
  }

  /** Returns how often in a row its work has failed. */
  public final int attempts() {
    return attempts;
  }

  /** Returns what was met last; empty for nothing. */
  public final String lastError() {
    return lastError;
  }

  /** Whether it waits since something failed, and not for its time. */
  public final boolean triedBefore() {
    return attempts > 0 || !lastError.isEmpty();
  }

  /** Takes note that its work has failed once more. */
  public final void failed(String error) {
    attempts++;
    met(error);
  }

  /** Takes note of what was met, which is no failure of this work; empty for nothing. */
  public final void met(String error) {
    lastError = Texts.cut(error, LONGEST_ERROR);
  }

  /** Counts its failures from none again. */
  public final void restart() {
    attempts = 0;
  }

  /** Takes note that nothing is wrong any more. */
  public final void mended() {
    restart();
    met("");
  }

  final @Nullable P priority() {
    return priority;
  }

  final void placed(P newPriority, Instant newDue) {
    priority = newPriority;
    due = newDue;
  }

  final void displaced() {
    priority = null;
  }
}
