package dev.genesysvault.history;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Texts;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * Names of documents that are kept for whoever audits: a time of fixed width, then what makes them
 * unique. Sorted by bytes they are sorted by time.
 */
public final class HistoryIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS", Locale.ROOT);
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HH", Locale.ROOT);
  private static final char SEPARATOR = '-';

  private HistoryIds() {}

  /**
   * Returns the id of the rotation that takes a client from readers; the same one however often it
   * is asked for.
   *
   * @param asked when the rotation was asked for, or due; years 0 to 9999
   * @param former the client's key
   */
  public static String of(Instant asked, ClientKey former) {
    return prefix(asked) + former.value();
  }

  /** Returns the id of what happened once at most at that time. */
  public static String of(Instant time, String what) {
    return prefix(time) + what;
  }

  /** Returns what ids of that time begin with: each later one is above it, by bytes. */
  public static String prefix(Instant time) {
    return TIME.format(LocalDateTime.ofInstant(time, ZoneOffset.UTC)) + "Z" + SEPARATOR;
  }

  /** Returns the hour of a time, which sorts by bytes. */
  public static String hour(Instant time) {
    return HOUR.format(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
  }

  /** Returns the time at which an hour begins; empty where it is none of ours. */
  public static Optional<Instant> beginOf(String hour) {
    return parsed(hour + "0000000");
  }

  /** Returns the time in an id; empty where it is none of ours. */
  public static Optional<Instant> time(String id) {
    var text = Texts.split(id, SEPARATOR, 2).getFirst();
    return text.endsWith("Z") ? parsed(text.substring(0, text.length() - 1)) : Optional.empty();
  }

  private static Optional<Instant> parsed(String text) {
    try {
      return Optional.of(LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
