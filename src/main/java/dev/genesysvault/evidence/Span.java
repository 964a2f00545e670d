package dev.genesysvault.evidence;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * The time that a report is about.
 *
 * @param from its first moment
 * @param to the first moment after it
 */
record Span(Instant from, Instant to) {
  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if one of them is no day or time, or {@code to} is not later
   */
  static Span of(String from, String to) {
    var span = new Span(time("--from", from), time("--to", to));
    if (!span.from.isBefore(span.to)) {
      throw new IllegalArgumentException(
          "--to is %s; must be later than --from, which is %s".formatted(to, from));
    }
    return span;
  }

  private static Instant time(String option, String text) {
    try {
      return text.length() == "2026-01-01".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw new IllegalArgumentException(
          "%s is \"%s\"; must be a day, which begins at midnight UTC, such as 2026-01-01, or a time with its offset, such as 2026-01-01T06:00:00+01:00"
              .formatted(option, text));
    }
  }
}
