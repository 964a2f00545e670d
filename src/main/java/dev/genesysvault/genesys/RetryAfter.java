package dev.genesysvault.genesys;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * Reads {@code Retry-After}, which Genesys sends with a 429 as whole seconds, and which may be
 * hours (daily quotas).
 */
final class RetryAfter {
  static final Duration WHEN_UNSAID = Duration.ofMinutes(1);
  static final Duration MOST = Duration.ofDays(1);

  /** "At once", and a date that is over, would make a refusal a tight loop. */
  static final Duration LEAST = Duration.ofSeconds(1);

  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private RetryAfter() {}

  /**
   * Returns the wait, {@link #LEAST} to {@link #MOST}; {@link #WHEN_UNSAID} if the header is
   * unusable.
   */
  static Duration of(Transport.Reply reply, Instant now) {
    return reply
        .header("retry-after")
        .map(header -> parse(header.strip(), now))
        .orElse(WHEN_UNSAID);
  }

  private static Duration parse(String header, Instant now) {
    if (!DIGITS.matcher(header).matches()) {
      return parseDate(header, now);
    }
    // More digits than a long holds are more than enough.
    return header.length() > 18 ? MOST : bounded(Duration.ofSeconds(Long.parseLong(header)));
  }

  /** RFC 9110 allows a date too, and a gateway before Genesys may send one. */
  private static Duration parseDate(String header, Instant now) {
    try {
      var date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return bounded(Duration.between(now, date));
    } catch (DateTimeParseException _) {
      return WHEN_UNSAID;
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return wait.compareTo(MOST) > 0 ? MOST : wait;
  }
}
