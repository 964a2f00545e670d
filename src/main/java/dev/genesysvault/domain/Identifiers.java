package dev.genesysvault.domain;

/** What identifiers that end up in URLs and storage keys may look like. */
final class Identifiers {
  private static final int LONGEST = 100;

  private Identifiers() {}

  static String checked(String what, String value) {
    if (!isSafe(value)) {
      throw new IllegalArgumentException(
          "%s is \"%s\"; must be 1 to 100 letters, digits, dots, dashes or underscores"
              .formatted(what, Texts.cut(value, LONGEST)));
    }
    return value;
  }

  static boolean isSafe(String value) {
    return Texts.consistsOf(value, 1, LONGEST, Identifiers::isOfId)
        && Texts.isLetterOrDigit(value.charAt(0));
  }

  private static boolean isOfId(int character) {
    return Texts.isLetterOrDigit(character)
        || character == '.'
        || character == '_'
        || character == '-';
  }
}
