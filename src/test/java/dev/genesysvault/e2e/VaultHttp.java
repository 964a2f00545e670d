package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Vault's HTTP API, for what its Java client has no words. */
final class VaultHttp {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;
  private volatile String token = "";

  VaultHttp(String address) {
    this.address = address;
  }

  /** What Vault answered. */
  record Answer(int status, JsonNode body) {
    String errors() {
      return body.path("errors").toString();
    }
  }

  void useToken(String newToken) {
    token = newToken;
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, "");
  }

  /** Returns the keys of a folder; none where Vault has no such folder. */
  List<String> list(String path) throws IOException, InterruptedException {
    var answer = get(path + "?list=true");
    if (answer.status() != 200 && answer.status() != 404) {
      throw new IOException("%s: %d %s".formatted(path, answer.status(), answer.errors()));
    }
    var keys = new ArrayList<String>();
    answer.body().path("data").path("keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  /** Reads the data of what must be there. */
  JsonNode data(String path) throws IOException, InterruptedException {
    var answer = get(path);
    if (answer.status() != 200) {
      throw new IOException("%s: %d %s".formatted(path, answer.status(), answer.errors()));
    }
    return answer.body().path("data");
  }

  Answer put(String path, Map<String, ?> body) throws IOException, InterruptedException {
    return send("PUT", path, MAPPER.writeValueAsString(body));
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return send("DELETE", path, "");
  }

  /** Writes, and fails where Vault does not do it. */
  JsonNode must(String path, Map<String, ?> body) throws IOException, InterruptedException {
    var answer = put(path, body);
    if (answer.status() / 100 != 2) {
      throw new AssertionError("%s: %d %s".formatted(path, answer.status(), answer.errors()));
    }
    return answer.body();
  }

  private Answer send(String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
            .header("X-Vault-Token", token)
            .method(method, BodyPublishers.ofString(body))
            .build();
    var response = http.send(request, BodyHandlers.ofString());
    var tree =
        response.body().isBlank() ? MAPPER.createObjectNode() : MAPPER.readTree(response.body());
    return new Answer(response.statusCode(), tree);
  }
}
