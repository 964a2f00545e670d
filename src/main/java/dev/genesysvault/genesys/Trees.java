package dev.genesysvault.genesys;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.genesysvault.domain.ClientBody;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

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

  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

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
    Map<String, Object> members = MAPPER.convertValue(client, OBJECT);
    return new ClientBody(members);
  }

  static JsonNode tree(ClientBody body) {
    return MAPPER.valueToTree(body.members());
  }
}
