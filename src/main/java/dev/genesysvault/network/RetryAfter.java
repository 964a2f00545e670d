package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * Reads {@code Retry-After}: for how long whoever answered wants to be left alone. Genesys sends it
 * with a 429 as whole seconds, and it may be hours (daily quotas).
 */
public final class RetryAfter {
  private static final Duration WHEN_UNSAID = Duration.ofMinutes(1);
  private static final Duration MOST = Duration.ofDays(1);

  /** "At once", and a date that is over, would make a refusal a tight loop. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  /** Longer than any date, and any number that makes sense. */
  private static final int LONGEST_HEADER = 100;

  private RetryAfter() {}

  /** Returns the wait, a second to a day; a minute where there is no header that can be used. */
  public static Duration of(Transport.Head reply, Instant now) {
    return reply
        .header("retry-after")
        .map(header -> parse(header.strip(), now))
        .orElse(WHEN_UNSAID);
  }

  private static Duration parse(String header, Instant now) {
    if (header.length() > LONGEST_HEADER) {
      return WHEN_UNSAID;
    }
    if (!Texts.consistsOf(header, 1, LONGEST_HEADER, Texts::isDigit)) {
      return parseDate(header, now);
    }
    // More digits than a long holds are more than enough.
    return header.length() > 18 ? MOST : bounded(Duration.ofSeconds(Long.parseLong(header)));
  }

  /** RFC 9110 allows a date too, and a gateway may send one. */
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
