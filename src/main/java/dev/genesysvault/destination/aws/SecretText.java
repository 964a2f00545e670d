package dev.genesysvault.destination.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.destination.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A value as the text that a secret holds: JSON, and the same each time, since AWS takes a version
 * with an id that it knows only where its bytes are the same. Holds a secret.
 */
final class SecretText {
  /** In bytes, as AWS counts. */
  static final int LARGEST = 64 * 1024;

  /** Others may stand in texts by chance. */
  private static final int SHORTEST_SECRET = 6;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String text;
  private final JsonNode tree;

  private SecretText(String text, JsonNode tree) {
    this.text = text;
    this.tree = tree;
  }

  /** Makes one of a value. */
  static SecretText of(Value value) {
    try {
      var text = MAPPER.writeValueAsString(value.members());
      return new SecretText(text, MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      // Its message may quote the value.
      throw new IllegalStateException("a value is no JSON: " + e.getClass().getSimpleName());
    }
  }

  /** Returns the text, for the one request that carries it. */
  String reveal() {
    return text;
  }

  /** Returns its size in bytes. */
  int size() {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Whether what a secret holds is the same, however it is written.
   *
   * @param held empty where it holds no text
   */
  boolean isSameAs(Optional<String> held) {
    return held.flatMap(SecretText::parsed).filter(tree::equals).isPresent();
  }

  private static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.ofNullable(MAPPER.readTree(text));
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  /** Returns the texts in it that are not to stand in a message. */
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

  @Override
  public String toString() {
    return "SecretText[redacted]";
  }
}
