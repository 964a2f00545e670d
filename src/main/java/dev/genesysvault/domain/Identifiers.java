package dev.genesysvault.domain;

import java.util.regex.Pattern;

/** What identifiers that end up in URLs and storage keys may look like. */
final class Identifiers {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private Identifiers() {}

  static String checked(String what, String value) {
    if (!isSafe(value)) {
      throw new IllegalArgumentException(
          "%s is \"%s\"; must be 1 to 100 letters, digits, dots, dashes or underscores"
              .formatted(what, value));
    }
    return value;
  }

  static boolean isSafe(String value) {
    return SAFE.matcher(value).matches();
  }
}
