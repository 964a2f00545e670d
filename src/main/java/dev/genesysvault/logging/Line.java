package dev.genesysvault.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.LogContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/**
 * A line as it was written, and for whom.
 *
 * @param event as Logback has it
 * @param context of the task that wrote it
 */
record Line(ILoggingEvent event, LogContext.Shown context) {
  private static final int LONGEST_MESSAGE = 2_000;
  private static final int LONGEST_VALUE = 4_000;

  /** All values together, in UTF-16 units. */
  private static final int LONGEST_FIELDS = 16_000;

  private static final int LONGEST_SUBJECT = 150;
  private static final int MOST_FIELDS = 40;

  /** Returns the line that an event is, in the task that wrote it. */
  static Line of(ILoggingEvent event) {
    // Now, since it may be written later: what it is made of may be another by then.
    var _ = event.getFormattedMessage();
    return new Line(event, LogContext.shown());
  }

  /** Returns what it says, for people; printable. */
  String message() {
    return Texts.printable(String.valueOf(event.getFormattedMessage()), LONGEST_MESSAGE);
  }

  /** Returns what it may come of again and again; empty where each is to be written. */
  Optional<LogCause> cause() {
    return pairs().stream()
        .map(pair -> pair.value)
        .filter(LogCause.class::isInstance)
        .map(LogCause.class::cast)
        .findFirst();
  }

  /** Returns of whom it tells, among others of its cause; printable, empty for nobody. */
  String subject() {
    return pairs().stream()
        .filter(pair -> LogCause.SUBJECT.equals(pair.key))
        .map(pair -> Texts.printable(String.valueOf(pair.value), LONGEST_SUBJECT))
        .findFirst()
        .orElse("");
  }

  /**
   * Returns its fields: its own first, and of whom it tells behind; numbers are numbers, all else
   * is printable text.
   *
   * @param count how many lines of its cause it stands for
   * @param about of whom those tell; empty for less than two
   */
  Map<String, Object> fields(long count, String about) {
    var fields = new LinkedHashMap<String, Object>();
    int left = LONGEST_FIELDS;
    for (var pair : pairs()) {
      if (!(pair.value instanceof LogCause) && fields.size() < MOST_FIELDS) {
        var value = value(pair.value, Math.clamp(left, 2, LONGEST_VALUE));
        left -= String.valueOf(value).length();
        fields.putIfAbsent(String.valueOf(pair.key), value);
      }
    }
    if (count > 1) {
      fields.putIfAbsent("count", count);
    }
    known(fields, LogCause.SUBJECT + "s", about);
    known(fields, "mount_path", context.mountPath());
    known(fields, "request_id", context.requestId());
    known(fields, "correlation_id", context.correlationId());
    return fields;
  }

  private static void known(Map<String, Object> fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.putIfAbsent(name, Texts.printable(value, LONGEST_VALUE));
    }
  }

  private static Object value(Object value, int most) {
    return value instanceof Number || value instanceof Boolean
        ? value
        : Texts.printable(String.valueOf(value), most);
  }

  private List<KeyValuePair> pairs() {
    var pairs = event.getKeyValuePairs();
    return pairs == null ? List.of() : pairs;
  }
}
