package dev.genesysvault.genesys;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.genesysvault.domain.ClientBody;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as trees, so that members which nobody here knows survive. */
final class Trees {
  static final ObjectMapper MAPPER = new ObjectMapper();
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
