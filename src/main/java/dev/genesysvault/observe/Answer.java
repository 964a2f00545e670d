package dev.genesysvault.observe;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a request to the management address is answered with.
 *
 * @param status of HTTP
 * @param body belongs to whoever got it, to read
 * @param headers beside those of its type and length
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
public record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
  private static final String TEXT = "text/plain; charset=utf-8";

  /** Copies the headers. */
  public Answer {
    headers = Map.copyOf(headers);
  }

  /** Returns a text that ends with a line's end. */
  public static Answer text(int status, String text) {
    return new Answer(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
