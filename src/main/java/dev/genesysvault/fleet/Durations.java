package dev.genesysvault.fleet;

import dev.genesysvault.domain.Texts;
import java.time.Duration;

/** Durations as Vault's users write them. */
final class Durations {
  private static final String UNITS = "smhd";
  private static final int MOST_DIGITS = 10;

  private Durations() {}

  /**
   * Reads a duration: a number of seconds, or one with {@code s}, {@code m}, {@code h} or {@code d}
   * for days.
   *
   * @param what is named where it is none
   * @throws IllegalArgumentException if it is none, or not positive
   */
  static Duration parse(String what, String text) {
    char unit = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    var digits = UNITS.indexOf(unit) < 0 ? text : text.substring(0, text.length() - 1);
    if (Texts.consistsOf(digits, 1, MOST_DIGITS, Texts::isDigit)) {
      long count = Long.parseLong(digits);
      var duration =
          switch (unit) {
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            case 'd' -> Duration.ofDays(count);
            default -> Duration.ofSeconds(count);
          };
      if (duration.isPositive()) {
        return duration;
      }
    }
    throw new IllegalArgumentException(
        "%s is \"%s\"; must be a duration such as 60d, 12h, 90m or 3600s".formatted(what, text));
  }

  /** Returns a duration as people read it: {@code 8 min 20 s}. */
  static String shown(Duration duration) {
    long seconds = duration.toSeconds();
    long hours = seconds / 3_600;
    var tail = "%d min %d s".formatted(seconds / 60 % 60, seconds % 60);
    if (hours > 0) {
      return "%d h ".formatted(hours) + tail;
    }
    return seconds < 60 ? "%d s".formatted(seconds) : tail;
  }
}
