package dev.genesysvault.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Somebody who talks to a simulated organisation in a time that the test holds. */
final class Application {
  static final String CLIENTS = "/api/v2/oauth/clients";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  final SimulatedGenesys genesys = new SimulatedGenesys(() -> now, new Random(7));
  private String token = "";

  Application() {
    be(Seed.CLIENT_ID, Seed.CLIENT_SECRET);
  }

  /** What came back. */
  record Answer(SimulatedReply reply) {
    int status() {
      return reply.status();
    }

    JsonNode json() {
      try {
        return MAPPER.readTree(reply.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String code() {
      return json().path("code").asText();
    }

    String header(String name) {
      return reply.headers().getOrDefault(name, "");
    }

    String text(String member) {
      return json().path(member).asText();
    }
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  /** Acts as another client from now on. */
  void be(String clientId, String secret) {
    token = logIn(clientId, secret).text("access_token");
  }

  void useToken(String other) {
    token = other;
  }

  String token() {
    return token;
  }

  Answer logIn(String clientId, String secret) {
    return logIn(clientId, secret, "grant_type=client_credentials");
  }

  Answer logIn(String clientId, String secret, String form) {
    var basic =
        Base64.getEncoder()
            .encodeToString((clientId + ":" + secret).getBytes(StandardCharsets.UTF_8));
    return new Answer(
        genesys.handle(
            new SimulatedRequest(
                Origin.LOGIN,
                "POST",
                "/oauth/token",
                "",
                Map.of("Authorization", "Basic " + basic),
                form.getBytes(StandardCharsets.UTF_8))));
  }

  Answer get(String path) {
    return send("GET", path, Map.of());
  }

  Answer post(String path, Map<String, ?> body) {
    return send("POST", path, body);
  }

  Answer put(String path, Map<String, ?> body) {
    return send("PUT", path, body);
  }

  Answer delete(String path) {
    return send("DELETE", path, Map.of());
  }

  Answer create(String name) {
    return post(CLIENTS, body(name));
  }

  void turn(Knob knob, String value) {
    genesys.turn(Map.of(knob.key(), value));
  }

  Answer send(String method, String path, Map<String, ?> body) {
    int question = path.indexOf('?');
    try {
      return new Answer(
          genesys.handle(
              new SimulatedRequest(
                  Origin.API,
                  method,
                  question < 0 ? path : path.substring(0, question),
                  question < 0 ? "" : path.substring(question + 1),
                  token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token),
                  body.isEmpty() ? new byte[0] : MAPPER.writeValueAsBytes(body))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> body(String name) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", name);
    body.put("authorizedGrantType", "CLIENT-CREDENTIALS");
    body.put("accessTokenValiditySeconds", 600);
    body.put("roleDivisions", List.of(pair(Seed.ROLE_READER, Seed.DIVISION_SALES)));
    return body;
  }

  static Map<String, Object> with(Map<String, Object> body, String member, Object value) {
    var changed = new LinkedHashMap<>(body);
    changed.put(member, value);
    return changed;
  }

  static Map<String, Object> pair(String roleId, String divisionId) {
    return Map.of("roleId", roleId, "divisionId", divisionId);
  }
}
