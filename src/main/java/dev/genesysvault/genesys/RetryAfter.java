package dev.genesysvault.genesys;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * Reads {@code Retry-After}, which Genesys sends with a 429 as whole seconds, and which may be
 * hours (daily quotas).
 */
final class RetryAfter {
  static final Duration WHEN_UNSAID = Duration.ofMinutes(1);
  static final Duration MOST = Duration.ofDays(1);

  private RetryAfter() {}

  /** Returns the wait, at most {@link #MOST}; {@link #WHEN_UNSAID} if the header is unusable. */
  static Duration of(Transport.Reply reply, Instant now) {
    return reply
        .header("retry-after")
        .map(header -> parse(header.strip(), now))
        .orElse(WHEN_UNSAID);
  }

  private static Duration parse(String header, Instant now) {
    try {
      long seconds = Long.parseLong(header);
      return seconds < 0 ? WHEN_UNSAID : Duration.ofSeconds(Math.min(seconds, MOST.toSeconds()));
    } catch (NumberFormatException _) {
      return parseDate(header, now);
    }
  }

  /** RFC 9110 allows a date too, and a gateway before Genesys may send one. */
  private static Duration parseDate(String header, Instant now) {
    try {
      var date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var wait = Duration.between(now, date);
      if (wait.isNegative()) {
        return Duration.ZERO;
      }
      return wait.compareTo(MOST) > 0 ? MOST : wait;
    } catch (DateTimeParseException _) {
      return WHEN_UNSAID;
    }
  }
}
