package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Vault's HTTP API, for what its Java client has no words. */
final class VaultHttp {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  // A server that hangs is given up in the end.
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(5);

  private final HttpClient http;
  private final String address;
  private final Duration patience;
  private volatile String token = "";

  VaultHttp(String address) {
    // A node that stands by may name the one that leads instead of asking it.
    this(
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build(),
        address,
        LONGEST_REQUEST);
  }

  private VaultHttp(HttpClient http, String address, Duration patience) {
    this.http = http;
    this.address = address;
    this.patience = patience;
  }

  /** Returns the same with the same token, which waits no longer for an answer. */
  VaultHttp within(Duration shorter) {
    var impatient = new VaultHttp(http, address, shorter);
    impatient.useToken(token);
    return impatient;
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

  String token() {
    return token;
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

  /** Sends LIST, as {@link #get} with {@code list=true} does otherwise. */
  Answer listVerb(String path) throws IOException, InterruptedException {
    return send("LIST", path, "");
  }

  /** Reads the data of what must be there. */
  JsonNode data(String path) throws IOException, InterruptedException {
    var answer = get(path);
    if (answer.status() != 200) {
      throw new IOException("%s: %d %s".formatted(path, answer.status(), answer.errors()));
    }
    return answer.body().path("data");
  }

  /** Returns what the data of an answer log in with, which must be there. */
  static Map<String, String> credential(JsonNode data) {
    assertThat(data.path("client_secret").asText()).isNotEmpty();
    return Map.of(
        "client_id", data.path("client_id").asText(),
        "client_secret", data.path("client_secret").asText());
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

  /** Takes a snapshot of the whole server. */
  byte[] snapshot() throws IOException, InterruptedException {
    var request = request("sys/storage/raft/snapshot").build();
    var response = http.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("no snapshot: " + response.statusCode());
    }
    return response.body();
  }

  /** Puts the whole server back to what it was at a snapshot. */
  void restore(byte[] snapshot) throws IOException, InterruptedException {
    var request =
        request("sys/storage/raft/snapshot-force")
            .PUT(BodyPublishers.ofByteArray(snapshot))
            .build();
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "not restored: %d %s".formatted(response.statusCode(), response.body()));
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
        .header("X-Vault-Token", token)
        .timeout(patience);
  }

  private Answer send(String method, String path, String body)
      throws IOException, InterruptedException {
    var request = request(path).method(method, BodyPublishers.ofString(body)).build();
    var response = http.send(request, BodyHandlers.ofString());
    var tree =
        response.body().isBlank() ? MAPPER.createObjectNode() : MAPPER.readTree(response.body());
    return new Answer(response.statusCode(), tree);
  }
}
