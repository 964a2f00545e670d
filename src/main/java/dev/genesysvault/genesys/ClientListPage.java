package dev.genesysvault.genesys;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.lifecycle.ListedClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of the list of clients while it arrives. Of each client three members are looked
 * at, and nothing is kept.
 */
final class ClientListPage {
  /** A name of more than that makes the whole list unreadable; Genesys' own are short. */
  private static final int LONGEST_STRING = 256 * 1024;

  private static final int DEEPEST = 100;

  /** Names of members are not remembered: somebody may have given each client one of its own. */
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

  private final Each each;
  private boolean whole;
  private boolean listed;
  private long total = -1;
  private long pageCount = 1;
  private String nextUri = "";

  /** Is shown every entry of the list. */
  @FunctionalInterface
  interface Each {
    /** Looks at one; empty where it is nothing that has an id. */
    void listed(Optional<ListedClient> client) throws IOException;
  }

  ClientListPage(Each each) {
    this.each = each;
  }

  /** Reads it to its end. What cannot be read makes it not {@link #readable}. */
  void read(InputStream body) throws IOException {
    try (var parser = JSON.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          member(parser, parser.currentName(), parser.nextToken());
        }
        // Nothing may follow; looking for it leaves the connection to the next request.
        whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      }
    } catch (JacksonException _) {
      whole = false;
    }
  }

  private void member(JsonParser parser, String name, JsonToken value) throws IOException {
    switch (name) {
      case "entities" -> {
        if (value == JsonToken.START_ARRAY) {
          listed = true;
          for (var next = parser.nextToken();
              next != JsonToken.END_ARRAY;
              next = parser.nextToken()) {
            each.listed(entity(parser, next));
          }
        } else {
          parser.skipChildren();
        }
      }
      case "total" -> total = Math.max(total, number(parser, value, -1));
      case "pageCount" -> pageCount = Math.max(pageCount, number(parser, value, 1));
      case "nextUri" -> nextUri = text(parser, value);
      default -> parser.skipChildren();
    }
  }

  private static Optional<ListedClient> entity(JsonParser parser, @Nullable JsonToken first)
      throws IOException {
    if (first == null) {
      throw new IOException("the list ends within an array");
    }
    if (first != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return Optional.empty();
    }
    var id = "";
    var name = "";
    var state = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var member = parser.currentName();
      var value = parser.nextToken();
      switch (member) {
        case "id" -> id = text(parser, value);
        case "name" -> name = text(parser, value);
        case "state" -> state = text(parser, value);
        default -> parser.skipChildren();
      }
    }
    try {
      return Optional.of(new ListedClient(new ClientId(id), name, state));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String text(JsonParser parser, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }

  private static long number(JsonParser parser, JsonToken value, long otherwise)
      throws IOException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    parser.skipChildren();
    return otherwise;
  }

  /** Whether it was a list, from its beginning to its end. */
  boolean readable() {
    return whole && listed;
  }

  /** Returns how many clients it says there are, on all pages; negative where it does not say. */
  long total() {
    return total;
  }

  /** Returns how many pages it says there are; 1 where it does not say. */
  long pageCount() {
    return pageCount;
  }

  /** Returns where it says that it goes on; empty where it does not. */
  String nextUri() {
    return nextUri;
  }
}
