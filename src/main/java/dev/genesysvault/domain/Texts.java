package dev.genesysvault.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Pure functions: what is asked of texts of unknown length, in one pass over them and without a
 * pattern.
 */
public final class Texts {
  private static final int MOST_SHOWN = 10;

  private Texts() {}

  /**
   * Returns the beginning of a text.
   *
   * @param most its longest, in UTF-16 units; a longer one ends in an ellipsis, and never in half a
   *     character
   */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  /**
   * Returns the beginning of somebody else's text as it may be shown: with blanks for control
   * characters, line ends, and marks that turn the direction of what follows.
   *
   * @param most its longest, in UTF-16 units; a longer one ends in an ellipsis
   */
  public static String printable(String text, int most) {
    var printable = new StringBuilder();
    cut(text, most)
        .codePoints()
        .forEach(c -> printable.appendCodePoint(isUnprintable(c) ? ' ' : c));
    return printable.toString();
  }

  /** Whether a character is not seen, or changes how what follows is. */
  public static boolean isUnprintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** Returns the first of many things as text, and how many more there are. */
  public static String some(Collection<?> things) {
    var first = things.stream().limit(MOST_SHOWN).map(String::valueOf).toList();
    return things.size() <= MOST_SHOWN
        ? first.toString()
        : "%s and %,d more".formatted(first, things.size() - MOST_SHOWN);
  }

  /**
   * Returns the parts of a text between separators, empty ones too.
   *
   * @param most parts; the last of them has the rest of the text
   */
  public static List<String> split(String text, char separator, int most) {
    var parts = new ArrayList<String>();
    int begin = 0;
    while (parts.size() < most - 1 && text.indexOf(separator, begin) >= 0) {
      int end = text.indexOf(separator, begin);
      parts.add(text.substring(begin, end));
      begin = end + 1;
    }
    parts.add(text.substring(begin));
    return parts;
  }

  /** Returns a text without the characters at its end for which the predicate holds. */
  public static String withoutTrailing(String text, IntPredicate dropped) {
    int end = text.length();
    while (end > 0 && dropped.test(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Returns a text without the characters at either end for which the predicate holds. */
  public static String trimmed(String text, IntPredicate dropped) {
    int begin = 0;
    while (begin < text.length() && dropped.test(text.charAt(begin))) {
      begin++;
    }
    return withoutTrailing(text.substring(begin), dropped);
  }

  /** Returns a text without the slashes at either end. */
  public static String withoutSlashes(String text) {
    return trimmed(text, c -> c == '/');
  }

  /** Returns a text without the slashes at its end. */
  public static String withoutTrailingSlashes(String text) {
    return withoutTrailing(text, c -> c == '/');
  }

  /** Whether a text has from {@code least} to {@code most} characters, all of them allowed. */
  public static boolean consistsOf(String text, int least, int most, IntPredicate allowed) {
    if (text.length() < least || text.length() > most) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.test(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is one of a to z, A to Z and 0 to 9. */
  public static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  /** Whether it is one of 0 to 9. */
  public static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
