package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.JsonStream.array;
import static dev.genesysvault.genesys.JsonStream.number;
import static dev.genesysvault.genesys.JsonStream.object;
import static dev.genesysvault.genesys.JsonStream.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.upstream.ListedClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads one page of the list of clients while it arrives. Of each client three members are looked
 * at, and nothing is kept.
 */
final class ClientListPage {
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
    try (var parser = JsonStream.parser(body)) {
      boolean read =
          object(parser, parser.nextToken(), (name, value) -> member(parser, name, value));
      // Nothing may follow; looking for it leaves the connection to the next request.
      whole = read && parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (JacksonException _) {
      whole = false;
    }
  }

  private void member(JsonParser parser, String name, JsonToken value) throws IOException {
    switch (name) {
      case "entities" ->
          listed |= array(parser, value, element -> each.listed(entity(parser, element)));
      case "total" -> total = Math.max(total, number(parser, value, -1));
      case "pageCount" -> pageCount = Math.max(pageCount, number(parser, value, 1));
      case "nextUri" -> nextUri = text(parser, value);
      default -> parser.skipChildren();
    }
  }

  private static Optional<ListedClient> entity(JsonParser parser, JsonToken first)
      throws IOException {
    var entity = new Entity();
    object(parser, first, (name, value) -> entity.member(parser, name, value));
    return entity.client();
  }

  private static final class Entity {
    private String id = "";
    private String name = "";
    private String state = "";

    void member(JsonParser parser, String member, JsonToken value) throws IOException {
      switch (member) {
        case "id" -> id = text(parser, value);
        case "name" -> name = text(parser, value);
        case "state" -> state = text(parser, value);
        default -> parser.skipChildren();
      }
    }

    Optional<ListedClient> client() {
      try {
        return Optional.of(new ListedClient(new ClientId(id), name, state));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
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
