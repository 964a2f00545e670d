package dev.genesysvault.domain;

import java.util.Optional;

/**
 * Which texts Genesys gives back as they were sent, as far as anybody can rely on it: it has not
 * published what it keeps. Printable Latin-1, with single spaces inside and none at the ends.
 */
public final class KeptText {
  private static final int SOFT_HYPHEN = 0xAD;
  private static final char REPLACEMENT = '?';

  private KeptText() {}

  /** Returns why Genesys may keep a text otherwise, to follow "it"; empty where it does not. */
  public static Optional<String> flaw(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int point = text.codePointAt(i);
      if (!kept(point)) {
        return Optional.of(
            "has the character U+%04X at position %d; allowed are letters, digits, signs and single spaces of Latin-1, since Genesys may keep others otherwise than they were sent"
                .formatted(point, text.codePointCount(0, i) + 1));
      }
    }
    if (!text.equals(text.strip())) {
      return Optional.of("begins or ends with a space, which Genesys may cut off");
    }
    return text.contains("  ")
        ? Optional.of("has two spaces in a row, which Genesys may take for one")
        : Optional.empty();
  }

  /**
   * Returns a text from outside as one that is kept: white space of any kind is one space, what
   * cannot be printed is left out, and any other character is a question mark.
   */
  public static String of(String text) {
    var kept = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          if (white(point)) {
            if (!kept.isEmpty() && kept.charAt(kept.length() - 1) != ' ') {
              kept.append(' ');
            }
          } else if (kept(point)) {
            kept.appendCodePoint(point);
          } else if (printable(point)) {
            kept.append(REPLACEMENT);
          }
        });
    return kept.toString().strip();
  }

  /**
   * Whether a text may be what became of another one at Genesys: they agree in their ASCII part,
   * case and white space aside.
   */
  public static boolean same(String sent, String shown) {
    return asciiPart(sent).equals(asciiPart(shown));
  }

  private static String asciiPart(String text) {
    var part = new StringBuilder(text.length());
    text.chars()
        .filter(unit -> unit > ' ' && unit < 0x7F && unit != REPLACEMENT)
        .forEach(unit -> part.append((char) (unit >= 'A' && unit <= 'Z' ? unit + 32 : unit)));
    return part.toString();
  }

  private static boolean kept(int point) {
    return (point >= ' ' && point < 0x7F)
        || (point > 0xA0 && point <= 0xFF && point != SOFT_HYPHEN);
  }

  private static boolean white(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point);
  }

  private static boolean printable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL, Character.FORMAT -> false;
      default -> true;
    };
  }
}
