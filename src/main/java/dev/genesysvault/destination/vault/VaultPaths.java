package dev.genesysvault.destination.vault;

import dev.genesysvault.domain.Texts;

/**
 * Which paths may be put into a URL: what is allowed means itself there, so that nobody reaches
 * another path than the one that was checked.
 */
final class VaultPaths {
  private VaultPaths() {}

  /** Whether it is a path of parts between single slashes. */
  static boolean isPath(String text, int most) {
    return Texts.consistsOf(text, 1, most, c -> c == '/' || isOfPart(c))
        && Texts.split(text, '/', most + 1).stream().allMatch(VaultPaths::isPart);
  }

  private static boolean isPart(String part) {
    return !part.isEmpty() && !part.equals(".") && !part.equals("..");
  }

  private static boolean isOfPart(int c) {
    return Texts.isLetterOrDigit(c) || "-_.+@".indexOf(c) >= 0;
  }

  /** Returns what is allowed, for people. */
  static String allowed(int most) {
    return "1 to %d letters, digits and -_.+@ with single slashes between them, no part of which is . or .."
        .formatted(most);
  }

  /** Returns a path of somebody's choice as it may be shown: bounded, and without line ends. */
  static String shown(String text) {
    return Texts.printable(text, 100);
  }
}
