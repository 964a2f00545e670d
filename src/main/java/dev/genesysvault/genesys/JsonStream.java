package dev.genesysvault.genesys;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;

/**
 * JSON of Genesys' replies that is read while it arrives. Whoever is given a value reads it with
 * one of the methods here; each of them goes over what is not of its kind.
 */
final class JsonStream {
  /** A longer name makes a reply unreadable; Genesys' own are short. */
  private static final int LONGEST_STRING = 256 * 1024;

  private static final int DEEPEST = 100;

  /** Names of members are not remembered: somebody may have given each object one of its own. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(LONGEST_STRING)
                  .maxNestingDepth(DEEPEST)
                  .build())
          .build();

  private JsonStream() {}

  /** Is given each member of an object. */
  @FunctionalInterface
  interface Member {
    /** Reads its value, which begins with that token. */
    void read(String name, JsonToken value) throws IOException;
  }

  /** Is given each element of an array. */
  @FunctionalInterface
  interface Element {
    /** Reads it; it begins with that token. */
    void read(JsonToken value) throws IOException;
  }

  static JsonParser parser(InputStream body) throws IOException {
    return JSON.createParser(body);
  }

  /** Reads an object; false where it is something else. */
  static boolean object(JsonParser parser, JsonToken value, Member member) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      member.read(parser.currentName(), parser.nextToken());
    }
    return true;
  }

  /** Reads an array; false where it is something else. */
  static boolean array(JsonParser parser, JsonToken value, Element element) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return false;
    }
    for (var next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
      element.read(next);
    }
    return true;
  }

  /** Reads a string; an empty one where it is something else. */
  static String text(JsonParser parser, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }

  /** Reads a whole number. */
  static long number(JsonParser parser, JsonToken value, long otherwise) throws IOException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    parser.skipChildren();
    return otherwise;
  }
}
