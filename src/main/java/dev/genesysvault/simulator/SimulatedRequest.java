package dev.genesysvault.simulator;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP request.
 *
 * @param query raw; empty for none
 * @param headers by name, in any case
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares requests, nor changes their bodies.
public record SimulatedRequest(
    Origin origin,
    String method,
    String path,
    String query,
    Map<String, String> headers,
    byte[] body) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  /** Which of Genesys' two hosts is asked. */
  public enum Origin {
    API,
    LOGIN
  }

  /** Makes header names lower case. */
  public SimulatedRequest {
    var lowerCase = new TreeMap<String, String>();
    headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
    headers = lowerCase;
  }

  Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(form(query).get(name));
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Returns the body as a JSON object; an empty body is an empty object. */
  Map<String, Object> json() {
    if (text().isBlank()) {
      return new LinkedHashMap<>();
    }
    try {
      var object = MAPPER.readValue(body, OBJECT);
      if (object == null) {
        throw SimulatedError.of(400, "bad.request", "The body is no JSON object.");
      }
      return object;
    } catch (IOException _) {
      throw SimulatedError.of(
          400,
          "bad.request",
          "The request could not be understood by the server due to malformed syntax.");
    }
  }

  static Map<String, String> form(String text) {
    var values = new LinkedHashMap<String, String>();
    for (var pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Names neither headers nor body, which hold secrets. */
  @Override
  public String toString() {
    return "SimulatedRequest[%s %s]".formatted(method, path);
  }
}
