package dev.genesysvault.resilience;

import dev.genesysvault.domain.Texts;
import java.util.List;

/**
 * A mark on a line of the log that may come again and again for one cause: of those, one a minute
 * at most is written, with how many there were.
 *
 * @param place what could not be done, and where
 * @param met what was met there, without secrets; numbers are no part of it, since a text may tell
 *     how long something took
 */
public record LogCause(List<Object> place, List<Object> met) {
  /** The name under which a line has it; it is not written. */
  public static final String KEY = "log_cause";

  /**
   * The field of whom a line tells among others of the same cause: a line that stands for several
   * names them in another field, of the plural of this name.
   */
  public static final String SUBJECT = "static_role";

  /** Copies the lists. */
  public LogCause {
    place = List.copyOf(place);
    met = met.stream().map(LogCause::withoutNumbers).toList();
  }

  /** Returns the one of all that is met there. */
  public static LogCause at(Object... place) {
    return new LogCause(List.of(place), List.of());
  }

  /** Returns the one of those who meet that there, and nothing else. */
  public LogCause met(List<Object> fields) {
    return new LogCause(place, fields);
  }

  /** Returns the one of whatever is met there. */
  public LogCause whatever() {
    return new LogCause(place, List.of());
  }

  private static Object withoutNumbers(Object field) {
    if (!(field instanceof String text)) {
      return field;
    }
    var without = new StringBuilder(text.length());
    text.chars().filter(c -> !Texts.isDigit(c)).forEach(c -> without.append((char) c));
    return without.toString();
  }
}
