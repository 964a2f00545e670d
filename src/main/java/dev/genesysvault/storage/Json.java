package dev.genesysvault.storage;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;

/**
 * JSON objects of documents as maps of JDK values. Errors never quote the text, which may hold a
 * secret.
 */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Json() {}

  /**
   * Reads one JSON object.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Map<String, Object> read(byte[] text) {
    try {
      var object = MAPPER.readValue(text, OBJECT);
      if (object == null) {
        throw new IllegalArgumentException("not a JSON object");
      }
      return object;
    } catch (IOException e) {
      throw new IllegalArgumentException("not a JSON object: " + where(e));
    }
  }

  /** Writes one JSON object; values are maps, lists, text, numbers, booleans or null. */
  public static byte[] write(Map<String, ?> object) {
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + where(e));
    }
  }

  private static String where(IOException e) {
    return e instanceof JacksonException json && json.getLocation() != null
        ? "line %d, column %d"
            .formatted(json.getLocation().getLineNr(), json.getLocation().getColumnNr())
        : e.getClass().getSimpleName();
  }
}
