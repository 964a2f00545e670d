package dev.genesysvault.destination;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A value as compact JSON, the same each time, for services that keep a text and do not look into
 * it. Holds a secret.
 */
public final class ValueJson {
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

  private final String text;
  private final JsonNode tree;

  /** Makes that of a value. */
  public ValueJson(Value value) {
    try {
      this.text = MAPPER.writeValueAsString(value.members());
      this.tree = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // Its message may quote the value.
      throw new IllegalStateException("a value is no JSON: " + e.getClass().getSimpleName());
    }
  }

  /** Returns it, for the one request that carries it. */
  public String text() {
    return text;
  }

  /** Returns it in UTF-8, for the one request that carries it. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether what an entry holds means the same, however it is written. */
  public boolean isSameAs(String held) {
    return isSameAs(() -> MAPPER.readTree(held));
  }

  /** Whether what an entry holds means the same, however it is written. */
  public boolean isSameAs(byte[] held) {
    return isSameAs(() -> MAPPER.readTree(held));
  }

  @FunctionalInterface
  private interface Reading {
    JsonNode run() throws IOException;
  }

  private boolean isSameAs(Reading held) {
    try {
      return Optional.ofNullable(held.run()).filter(tree::equals).isPresent();
    } catch (IOException _) {
      return false;
    }
  }

  /** Whether what an entry holds is this to the byte. */
  public boolean isExactly(byte[] held) {
    return Arrays.equals(bytes(), held);
  }

  /** Returns the texts in it that are not to come back in a message. */
  public List<String> secrets() {
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

  /** Names nothing of it. */
  @Override
  public String toString() {
    return "ValueJson[redacted]";
  }
}
