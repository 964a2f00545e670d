package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;

/** What the name of an HTTP header may look like: a token of RFC 9110, section 5.6.2. */
public final class HeaderName {
  private static final String BESIDE_LETTERS = "!#$%&'*+-.^_`|~";

  private HeaderName() {}

  /** Whether a text is one. */
  public static boolean isOne(String text) {
    return !text.isEmpty() && text.chars().allMatch(HeaderName::isOfOne);
  }

  private static boolean isOfOne(int character) {
    return Texts.isLetterOrDigit(character) || BESIDE_LETTERS.indexOf(character) >= 0;
  }
}
