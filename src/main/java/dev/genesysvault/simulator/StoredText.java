package dev.genesysvault.simulator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What the simulated Genesys makes of a client's texts where it stores them. */
final class StoredText {
  private static final List<String> TEXTS = List.of("name", "description");
  private static final Pattern WHITE_SPACE =
      Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  private final Knobs knobs;

  StoredText(Knobs knobs) {
    this.knobs = knobs;
  }

  /** Returns a body as it is stored. */
  Map<String, Object> of(Map<String, Object> body) {
    Map<String, Object> stored = new LinkedHashMap<>(body);
    for (var member : TEXTS) {
      if (body.get(member) instanceof String text) {
        stored.put(member, of(text));
      }
    }
    return stored;
  }

  private String of(String sent) {
    // UTF-8 has no half of a character either.
    var text = new String(sent.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    if (knobs.is(Knob.OUTSIDE_LATIN_1, "replaced")) {
      text = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }
    if (knobs.is(Knob.WHITE_SPACE_AT_ENDS, "trimmed")) {
      text = text.strip();
    }
    if (knobs.is(Knob.WHITE_SPACE_INSIDE, "collapsed")) {
      text = WHITE_SPACE.matcher(text).replaceAll(" ");
    }
    return switch (knobs.text(Knob.LETTER_CASE)) {
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      default -> text;
    };
  }
}
