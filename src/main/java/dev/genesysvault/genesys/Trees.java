package dev.genesysvault.genesys;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.genesysvault.domain.ClientBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of Genesys' replies as trees, so that members which nobody here knows survive. */
final class Trees {
  /** A client of ten thousand roles and divisions has sixty thousand tokens. */
  private static final long MOST_TOKENS = 100_000;

  private static final int DEEPEST = 100;

  /** A tree takes many times the bytes of its text, some a token: it is bounded by these. */
  static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxTokenCount(MOST_TOKENS)
                      .maxNestingDepth(DEEPEST)
                      .build())
              .build());

  private Trees() {}

  /** Returns the tree in a reply's body; a missing node where there is none. */
  static JsonNode parse(byte[] body) {
    try {
      var tree = MAPPER.readTree(body);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  static ClientBody clientBody(JsonNode client) {
    return new ClientBody(members(client));
  }

  /** Returns the members of an object as values of the JDK; empty where it is none. */
  private static Map<String, Object> members(JsonNode object) {
    var members = new LinkedHashMap<String, Object>();
    for (var member : object.properties()) {
      members.put(member.getKey(), value(member.getValue()));
    }
    return members;
  }

  private static @Nullable Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> members(node);
      case ARRAY -> {
        var items = new ArrayList<@Nullable Object>(node.size());
        node.forEach(item -> items.add(value(item)));
        yield items;
      }
      case STRING -> node.textValue();
      case NUMBER -> node.numberValue();
      case BOOLEAN -> node.booleanValue();
      case NULL, MISSING, BINARY, POJO -> null;
    };
  }
}
