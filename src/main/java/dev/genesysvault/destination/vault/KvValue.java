package dev.genesysvault.destination.vault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.destination.Value;
import java.util.Comparator;
import java.util.Map;

/** A value as it is compared with what a KV engine holds. Holds a secret. */
final class KvValue {
  /** Vault keeps numbers as doubles: 1 comes back as 1, and what is longer comes back rounded. */
  private static final Comparator<JsonNode> LEAVES =
      (one, other) -> {
        if (one.isNumber() && other.isNumber()) {
          return Double.compare(one.doubleValue(), other.doubleValue());
        }
        return one.equals(other) ? 0 : 1;
      };

  private final Value value;
  private final JsonNode tree;

  KvValue(Value value) {
    this.value = value;
    this.tree = VaultApi.MAPPER.valueToTree(value.members());
  }

  /** Returns its members, for the one request that carries them. */
  Map<String, Object> members() {
    return value.members();
  }

  /** Whether an engine's data is the same, whatever the order of members. */
  boolean isSameAs(JsonNode data) {
    return tree.equals(LEAVES, data);
  }

  @Override
  public String toString() {
    return "KvValue[redacted]";
  }
}
