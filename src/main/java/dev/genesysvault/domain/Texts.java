package dev.genesysvault.domain;

import java.util.function.IntPredicate;

/** What is asked of texts of unknown length, in one pass over them and without a pattern. */
public final class Texts {
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

  /** Returns a text without the characters at its end for which the predicate holds. */
  public static String withoutTrailing(String text, IntPredicate dropped) {
    int end = text.length();
    while (end > 0 && dropped.test(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Returns a text without the slashes at its end. */
  public static String withoutTrailingSlashes(String text) {
    return withoutTrailing(text, c -> c == '/');
  }

  /** Whether a text has from {@code least} to {@code most} characters, all of them allowed. */
  public static boolean consistsOf(String text, int least, int most, IntPredicate allowed) {
    return text.length() >= least && text.length() <= most && text.chars().allMatch(allowed);
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
