package dev.genesysvault.destination;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lists and pairs among the settings of a destination, as the texts that they are kept as. */
public final class Forms {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Forms() {}

  /** Returns a list as a text; an empty one as the empty text. */
  public static String text(List<String> list) {
    return list.isEmpty() ? "" : write(list);
  }

  /** Returns pairs as a text, the same whatever their order; no pairs as the empty text. */
  public static String text(Map<String, String> pairs) {
    return pairs.isEmpty() ? "" : write(new TreeMap<>(pairs));
  }

  /** Returns the list that a text is; the empty one of the empty text. */
  public static List<String> list(String text) {
    return text.isEmpty()
        ? List.of()
        : List.copyOf(read(text, new TypeReference<List<String>>() {}));
  }

  /** Returns the pairs that a text is, by name; none of the empty text. */
  public static Map<String, String> pairs(String text) {
    return text.isEmpty() ? Map.of() : read(text, new TypeReference<TreeMap<String, String>>() {});
  }

  private static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts cannot be written as JSON", e);
    }
  }

  private static <T> T read(String text, TypeReference<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a setting is not what it was kept as: write it again", e);
    }
  }
}
