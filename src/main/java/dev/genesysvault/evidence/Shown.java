package dev.genesysvault.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.domain.Texts;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * How text that others chose, such as a display name, is shown beside ours: so that it can neither
 * look like more than one thing nor hide what comes after it.
 */
final class Shown {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Shown() {}

  /**
   * Returns a text in quotes, as JSON has it: whatever separates things is inside of them.
   *
   * @param text empty for none, which is shown without quotes
   */
  static String quoted(String text) {
    return text.isEmpty() ? "none" : json(text);
  }

  /** Returns a list as JSON has it; nothing for an empty one. */
  static String list(List<?> things) {
    return things.isEmpty() ? "" : json(things);
  }

  private static String json(Object thing) {
    try {
      return visible(MAPPER.writeValueAsString(thing));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a text with what nobody sees, or what turns the direction of it, spelled out. */
  static String visible(String text) {
    var visible = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (Texts.isUnprintable(c)) {
            for (char unit : Character.toChars(c)) {
              visible.append("\\u%04x".formatted((int) unit));
            }
          } else {
            visible.appendCodePoint(c);
          }
        });
    return visible.toString();
  }
}
