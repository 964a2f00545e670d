package dev.genesysvault.history;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.work.Holds.Hold;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Says what was late and why, in sentences for whoever audits. */
public final class Lateness {
  /** Characters of a reason that are kept. */
  private static final int LONGEST = 500;

  private Lateness() {}

  /**
   * Returns what was late of a switch; empty for nothing.
   *
   * @param asked when the rotation was asked for, or due
   * @param switched when readers began to get the next client
   * @param patience how much later that may be
   * @param held what held it up for longest; empty for nothing that is known
   * @param opened when the background session was opened
   */
  public static List<String> ofSwitch(
      Instant asked, Instant switched, Duration patience, Optional<Hold> held, Instant opened) {
    if (switched.isBefore(asked.plus(patience))) {
      return List.of();
    }
    return List.of(
        cut(
            "readers got the next client %s after it was due: %s"
                .formatted(text(Duration.between(asked, switched)), why(asked, held, opened))));
  }

  /**
   * Returns what cost the most time, since what was met last may have cost next to none.
   *
   * @param due from when on it was late
   * @param held what held it up for longest; empty for nothing that is known
   * @param opened when the background session was opened
   */
  static String why(Instant due, Optional<Hold> held, Instant opened) {
    var closed = Duration.between(due, opened);
    boolean longest = held.isEmpty() || closed.compareTo(held.get().length()) > 0;
    if (closed.isPositive() && longest) {
      return "for %s of that no background session was open, so the sidecar or Vault was away; one was opened at %s"
          .formatted(text(closed), opened.truncatedTo(ChronoUnit.SECONDS));
    }
    return held.map(Lateness::of)
        .orElse(
            "nothing was met that is known: what was more urgent went first, or Vault's storage was away");
  }

  /** Cuts a sentence to what is kept. */
  public static String cut(String sentence) {
    return Texts.cut(sentence, LONGEST);
  }

  /** Returns what held something up, and for how long. */
  public static String of(Hold hold) {
    return "for %s of that: %s".formatted(text(hold.length()), hold.why());
  }

  /** Returns a length in days, hours, minutes and seconds, such as {@code 2d 3h}. */
  public static String text(Duration length) {
    var text = new StringBuilder();
    add(text, length.toDays(), 'd');
    add(text, length.toHoursPart(), 'h');
    add(text, length.toMinutesPart(), 'm');
    add(text, length.toSecondsPart(), 's');
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void add(StringBuilder text, long count, char unit) {
    if (count > 0) {
      text.append(text.isEmpty() ? "" : " ").append(count).append(unit);
    }
  }
}
