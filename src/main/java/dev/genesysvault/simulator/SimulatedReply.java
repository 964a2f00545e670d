package dev.genesysvault.simulator;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HTTP reply, and what is to become of it on its way.
 *
 * @param body may hold a secret
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares replies, nor changes their bodies.
public record SimulatedReply(
    int status, Map<String, String> headers, byte[] body, Delivery delivery) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What becomes of a reply on its way. */
  public sealed interface Delivery {
    /** It arrives. */
    record Whole() implements Delivery {}

    /** It arrives late. */
    record Late(Duration by) implements Delivery {}

    /** The connection ends without a reply; whether the request had its effect is decided. */
    record Lost() implements Delivery {}

    /**
     * It waits until somebody releases it.
     *
     * @param acted whether the request has had its effect; if not, it is handled after the release
     */
    record Held(long id, boolean acted) implements Delivery {}
  }

  static SimulatedReply json(int status, Object body) {
    try {
      var headers = new LinkedHashMap<String, String>();
      headers.put("Content-Type", "application/json");
      return new SimulatedReply(
          status, headers, MAPPER.writeValueAsBytes(body), new Delivery.Whole());
    } catch (JacksonException e) {
      throw new IllegalStateException("a reply cannot be written as JSON", e);
    }
  }

  static SimulatedReply empty(int status) {
    return new SimulatedReply(status, new LinkedHashMap<>(), new byte[0], new Delivery.Whole());
  }

  SimulatedReply with(String header, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new SimulatedReply(status, all, body, delivery);
  }

  SimulatedReply delivered(Delivery other) {
    return new SimulatedReply(status, headers, body, other);
  }

  SimulatedReply garbled() {
    var garbage = "<html>not what was asked for".getBytes(StandardCharsets.UTF_8);
    return new SimulatedReply(status, headers, garbage, delivery);
  }

  /** Names neither headers nor body. */
  @Override
  public String toString() {
    return "SimulatedReply[%d %s]".formatted(status, delivery);
  }
}
