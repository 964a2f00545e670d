package dev.genesysvault.logging;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A line for people: time, level, class, message, fields; an exception on lines of its own, which
 * begin with a tab.
 */
final class TextForm implements LineForm {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** What does not begin with it begins another line of the log. */
  private static final char BELOW = '\t';

  private final StackText stacks = new StackText();

  @Override
  public String of(LineLimit.Due<Line> due) {
    var line = due.line();
    var event = line.event();
    var text =
        new StringBuilder()
            .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
            .append(' ')
            .append("%-5s".formatted(event.getLevel()))
            .append(' ')
            .append(LineForm.logger(event))
            .append(' ')
            .append(line.message());
    line.fields(due.count(), due.about())
        .forEach((name, value) -> text.append(' ').append(name).append('=').append(quoted(value)));
    text.append('\n');
    stacks.of(event).lines().forEach(more -> text.append(BELOW).append(more).append('\n'));
    return text.toString();
  }

  private static String quoted(Object value) {
    return '"' + String.valueOf(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
