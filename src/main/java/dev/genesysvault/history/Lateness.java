package dev.genesysvault.history;

import dev.genesysvault.domain.Texts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

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
   * @param met what the rotation met last; empty for nothing that is known
   * @param opened when the background session was opened
   */
  public static List<String> ofSwitch(
      Instant asked, Instant switched, Duration patience, String met, Instant opened) {
    if (switched.isBefore(asked.plus(patience))) {
      return List.of();
    }
    var why =
        !met.isEmpty()
            ? met
            : opened.isAfter(asked)
                ? "the background session was opened at %s"
                    .formatted(opened.truncatedTo(ChronoUnit.SECONDS))
                : "other rotations went first, or Genesys asked to wait";
    return List.of(
        cut(
            "readers got the next client %s after it was due: %s"
                .formatted(text(Duration.between(asked, switched)), why)));
  }

  /** Cuts a sentence to what is kept. */
  public static String cut(String sentence) {
    return Texts.cut(sentence, LONGEST);
  }

  /** Returns a length in days, hours, minutes and seconds, such as {@code 2d 3h}. */
  static String text(Duration length) {
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
