package dev.genesysvault.destination.google;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.genesysvault.destination.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** A value as a version holds it: compact JSON. Holds a secret. */
final class Payload {
  /** What Google takes. */
  static final int LARGEST = 64 * 1024;

  /** Others may stand in texts by chance. */
  private static final int SHORTEST_SECRET = 6;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxTokenCount(100_000)
                          .maxNestingDepth(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final byte[] bytes;
  private final JsonNode tree;

  Payload(Value value) {
    try {
      this.bytes = MAPPER.writeValueAsBytes(value.members());
    } catch (JsonProcessingException e) {
      // Its message may quote the value.
      throw new IllegalStateException("a value is no JSON: " + e.getClass().getSimpleName());
    }
    this.tree = tree(bytes);
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  /** Returns it, for the one request that carries it. */
  byte[] bytes() {
    return bytes.clone();
  }

  boolean tooLarge() {
    return bytes.length > LARGEST;
  }

  /** Whether what a version holds means the same, however it is written. */
  boolean isSameAs(byte[] held) {
    return tree.equals(tree(held));
  }

  /** Whether what a version holds is this to the byte. */
  boolean isExactly(byte[] held) {
    return Arrays.equals(bytes, held);
  }

  /** Returns the texts in it that are not to come back in a message. */
  List<String> secrets() {
    var secrets = new ArrayList<String>();
    collect(tree, secrets);
    return secrets;
  }

  private static void collect(JsonNode node, List<String> secrets) {
    if (node.isTextual() && node.asText().length() >= SHORTEST_SECRET) {
      secrets.add(node.asText());
    }
    node.forEach(each -> collect(each, secrets));
  }

  /** Returns the checksum that Google keeps beside a payload. */
  static long crc32c(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  @Override
  public String toString() {
    return "Payload[redacted]";
  }
}
