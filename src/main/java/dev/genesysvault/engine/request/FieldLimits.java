package dev.genesysvault.engine.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.storage.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How much each field of a path may bring in. The plugin has checked the same before it sent
 * anything; it is checked again, since an older plugin may know other limits. Nothing is built from
 * what is too large: it is only looked through.
 */
public final class FieldLimits {
  /** Of the contract: fields whose types say how long they can be. */
  public static final int SCALAR_BYTES = 256;

  /** As the plugin allows (limits.go). */
  static final int NUMBER_BYTES = 64;

  /** Deeper than any field allows, and no strain for whoever reads it. */
  private static final int DEEPEST = 64;

  private static final int LONGEST_NAME_SHOWN = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(NUMBER_BYTES)
                  .build())
          .build();

  /**
   * What one field may bring in.
   *
   * @param bytes of text in UTF-8, or of compact JSON without escapes
   * @param items of a list or members of an object; 0 for text
   * @param depth of lists and objects in one another; 0 for text
   */
  public record Limit(int bytes, int items, int depth) {
    /** What a field brings in that this version does not know, and ignores. */
    static final Limit UNKNOWN = new Limit(1 << 16, 1_000, DEEPEST);
  }

  private final Map<String, Limit> limits;

  public FieldLimits(Map<String, Limit> limits) {
    this.limits = Map.copyOf(limits);
  }

  Map<String, Limit> limits() {
    return limits;
  }

  /**
   * Checks what a path's pattern captured.
   *
   * @throws RefusedException if a part is too long
   */
  public void check(Map<String, String> captures) {
    captures.forEach((name, text) -> {
      int bytes = text.getBytes(StandardCharsets.UTF_8).length;
      int most = limit(name).bytes();
      if (bytes > most) {
        throw tooLarge(name, bytes, most);
      }
    });
  }

  /**
   * Reads the fields that a caller sent; empty text is none.
   *
   * @throws RefusedException if one of them is too large, or they are no JSON object
   */
  public Map<String, Object> read(byte[] json) {
    if (json.length == 0) {
      return Map.of();
    }
    try (var parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw unreadable("a field", "the fields are no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        check(parser, parser.currentName());
      }
      return Json.read(json);
    } catch (IOException | IllegalArgumentException _) {
      throw unreadable(
          "a field",
          "the fields are no JSON object, or hold a number of more than %d characters"
              .formatted(NUMBER_BYTES));
    }
  }

  private void check(JsonParser parser, String name) throws IOException {
    var limit = limit(name);
    try {
      var measure = new Measure(name);
      measure.value(parser);
      if (measure.bytes > limit.bytes()) {
        throw tooLarge(name, measure.bytes, limit.bytes());
      }
      if (limit.depth() > 0 && measure.deepest > limit.depth()) {
        throw RefusedException.badInput(
            "%s is nested %d deep; at most %d are allowed"
                .formatted(shown(name), measure.deepest, limit.depth()));
      }
      if (limit.items() > 0 && measure.items > limit.items()) {
        throw RefusedException.badInput(
            "%s has %d items; at most %d are allowed"
                .formatted(shown(name), measure.items, limit.items()));
      }
    } catch (StreamConstraintsException _) {
      throw RefusedException.badInput(
          "%s is nested more than %d deep, or holds a number of more than %d characters; neither is allowed"
              .formatted(shown(name), DEEPEST, NUMBER_BYTES));
    } catch (IOException _) {
      throw unreadable(shown(name), "it is no JSON");
    }
  }

  private Limit limit(String name) {
    return limits.getOrDefault(name, Limit.UNKNOWN);
  }

  private static RefusedException tooLarge(String name, long bytes, int most) {
    return RefusedException.badInput(
        "%s has %d bytes; at most %d are allowed".formatted(shown(name), bytes, most));
  }

  /** Says nothing of the value, which may be a secret. */
  private static RefusedException unreadable(String what, String why) {
    return RefusedException.badInput("%s cannot be read: %s".formatted(what, why));
  }

  private static String shown(String name) {
    return Texts.cut(name, LONGEST_NAME_SHOWN);
  }

  /** Adds up one value, as the plugin does: compact JSON that escapes nothing. */
  private static final class Measure {
    private final String name;
    private long bytes;
    private int items;
    private int deepest;
    private int depth;

    Measure(String name) {
      this.name = name;
    }

    /** Looks through the value that comes next. */
    void value(JsonParser parser) throws IOException {
      var first = next(parser);
      if (first == JsonToken.VALUE_STRING) {
        bytes = textBytes(parser);
        return;
      }
      add(parser, first);
      while (depth > 0) {
        add(parser, next(parser));
      }
    }

    private static JsonToken next(JsonParser parser) throws IOException {
      var token = parser.nextToken();
      if (token == null) {
        throw new IOException("the text ends early");
      }
      return token;
    }

    private void add(JsonParser parser, JsonToken token) throws IOException {
      boolean inArray = depth > 0 && parser.getParsingContext().inArray();
      switch (token) {
        case START_OBJECT, START_ARRAY -> {
          item(depth > 0 && parser.getParsingContext().getParent().inArray());
          depth++;
          deepest = Math.max(deepest, depth);
          bytes++;
        }
        case END_OBJECT, END_ARRAY -> {
          depth--;
          bytes++;
        }
        case FIELD_NAME -> {
          item(true);
          bytes += textBytes(parser) + 3L;
        }
        case VALUE_STRING -> {
          item(inArray);
          bytes += textBytes(parser) + 2L;
        }
        default -> {
          item(inArray);
          bytes += parser.getTextLength();
          if (token == JsonToken.VALUE_NUMBER_FLOAT && !Double.isFinite(parser.getDoubleValue())) {
            throw RefusedException.badInput(
                "%s holds a number that is too large".formatted(shown(name)));
          }
        }
      }
    }

    /** Counts the comma of an item, and the item where it is the value's own. */
    private void item(boolean counts) {
      if (counts) {
        bytes++;
        items += depth == 1 ? 1 : 0;
      }
    }

    private static long textBytes(JsonParser parser) throws IOException {
      var text = parser.getTextCharacters();
      int from = parser.getTextOffset();
      long bytes = 0;
      for (int i = from; i < from + parser.getTextLength(); i++) {
        char c = text[i];
        // Half of a character of four bytes counts as two.
        bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      }
      return bytes;
    }
  }
}
