package dev.genesysvault.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.genesysvault.simulator.Seed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at a running simulator and tells it what to do, over HTTP as anybody would. */
public final class SimulatorAdmin {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI api;

  /** Talks to the simulator whose API origin is {@code api}. */
  public SimulatorAdmin(URI api) {
    this.api = api;
  }

  /** Arms a fault. */
  public void arm(Map<String, Object> fault) throws IOException, InterruptedException {
    send("POST", "/_simulator/faults", fault);
  }

  /**
   * Holds the next request that matches.
   *
   * @param path a template or exact
   * @param when {@code before} or {@code after} it acts
   */
  public void hold(String method, String path, String when)
      throws IOException, InterruptedException {
    arm(Map.of("method", method, "path", path, "hold", when));
  }

  /** Answers 503 to everything until the faults are cleared. */
  public void goDown() throws IOException, InterruptedException {
    arm(Map.of("status", 503, "count", Integer.MAX_VALUE));
  }

  /** Turns knobs. */
  public void turn(Map<String, Object> knobs) throws IOException, InterruptedException {
    send("POST", "/_simulator/knobs", knobs);
  }

  /** Forgets every armed fault, and releases what is held. */
  public void clearFaults() throws IOException, InterruptedException {
    send("DELETE", "/_simulator/faults", Map.of());
  }

  /** Releases every held request. */
  public void release() throws IOException, InterruptedException {
    send("POST", "/_simulator/release", Map.of());
  }

  /** Zeroes the counts of requests. */
  public void forgetRequests() throws IOException, InterruptedException {
    send("POST", "/_simulator/reset", Map.of("requests", true));
  }

  /** Grants a client other roles and divisions, each as {@code roleId:divisionId}. */
  public void grant(String clientId, List<String> pairs) throws IOException, InterruptedException {
    var members =
        pairs.stream()
            .map(pair -> pair.split(":", 2))
            .map(pair -> Map.of("roleId", pair[0], "divisionId", pair[1]))
            .toList();
    send("POST", "/_simulator/grants", Map.of("client_id", clientId, "role_divisions", members));
  }

  /** Returns once a request is held. */
  public void awaitHeld() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (send("GET", "/_simulator/faults", Map.of()).path("held").isEmpty()) {
      if (System.nanoTime() - end >= 0) {
        throw new AssertionError("no request is held");
      }
    }
  }

  /** Returns how many requests of a kind were answered, whatever the status. */
  public int count(String method, String template) throws IOException, InterruptedException {
    int count = 0;
    for (var row : send("GET", "/_simulator/state", Map.of()).path("requests")) {
      if (row.path("method").asText().equals(method)
          && row.path("path").asText().equals(template)) {
        count += row.path("count").asInt();
      }
    }
    return count;
  }

  /** Returns how many requests of all kinds were answered. */
  public int count() throws IOException, InterruptedException {
    int count = 0;
    for (var row : send("GET", "/_simulator/state", Map.of()).path("requests")) {
      count += row.path("count").asInt();
    }
    return count;
  }

  /** Returns how many requests of all kinds were answered with a status. */
  public int answered(int status) throws IOException, InterruptedException {
    int count = 0;
    for (var row : send("GET", "/_simulator/state", Map.of()).path("requests")) {
      if (row.path("status").asInt() == status) {
        count += row.path("count").asInt();
      }
    }
    return count;
  }

  /** Returns what an integration truly logs in with, which Genesys shows nobody. */
  public Map<String, String> integrationCredential(String id)
      throws IOException, InterruptedException {
    for (var row :
        send("GET", "/_simulator/integration-credentials", Map.of()).path("credentials")) {
      if (row.path("id").asText().equals(id)) {
        var fields = row.path("credentialFields");
        return Map.of(
            "client_id",
            fields.path("clientId").asText(),
            "client_secret",
            fields.path("clientSecret").asText());
      }
    }
    throw new AssertionError("there is no integration credential " + id);
  }

  /** A client that exists. */
  public record LiveClient(String id, String name, String state, boolean logsIn) {}

  /** Returns the clients that exist. */
  public List<LiveClient> clients() throws IOException, InterruptedException {
    var clients = new ArrayList<LiveClient>();
    for (var client : send("GET", "/_simulator/state", Map.of()).path("clients")) {
      clients.add(
          new LiveClient(
              client.path("id").asText(),
              client.path("name").asText(),
              client.path("state").asText(),
              client.path("logs_in").asBoolean()));
    }
    return clients;
  }

  /** Returns the ids of the clients that exist. */
  public List<String> clientIds() throws IOException, InterruptedException {
    return clientsMarked("");
  }

  /** Returns the ids of the clients whose names carry a text. */
  public List<String> clientsMarked(String mark) throws IOException, InterruptedException {
    return clients().stream()
        .filter(client -> client.name().contains(mark))
        .map(LiveClient::id)
        .toList();
  }

  /** Logs in as an application would. */
  public boolean logsIn(URI login, String clientId, String secret)
      throws IOException, InterruptedException {
    return logIn(login, clientId, secret).statusCode() == 200;
  }

  /** As the other one, with the members of a credential as Vault gives it out. */
  public boolean logsIn(URI login, Map<String, String> credential)
      throws IOException, InterruptedException {
    return logsIn(
        login,
        credential.getOrDefault("client_id", ""),
        credential.getOrDefault("client_secret", ""));
  }

  /** Logs in as an application, and makes a call of the API. */
  public void callAs(URI login, Map<String, String> credential)
      throws IOException, InterruptedException {
    var id = credential.getOrDefault("client_id", "");
    var token = token(login, id, credential.getOrDefault("client_secret", ""));
    var _ = byHand(token, "GET", URI.create(api + "/api/v2/organizations/me"), new byte[0]);
  }

  /** Returns a client as Genesys shows it to somebody in the organisation. */
  public JsonNode shown(URI login, String clientId) throws IOException, InterruptedException {
    var token = token(login, Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    var client = URI.create(api + "/api/v2/oauth/clients/" + clientId);
    return MAPPER.readTree(byHand(token, "GET", client, new byte[0]).body());
  }

  /** Makes clients as somebody in the organisation would; returns their credentials. */
  public List<Map<String, String>> madeByHand(URI login, List<String> names, Map<String, ?> body)
      throws IOException, InterruptedException {
    var token = token(login, Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    var made = new ArrayList<Map<String, String>>();
    for (var name : names) {
      var members = new LinkedHashMap<String, Object>(body);
      members.put("name", name);
      members.put("authorizedGrantType", "CLIENT-CREDENTIALS");
      var shown =
          MAPPER.readTree(
              byHand(
                      token,
                      "POST",
                      URI.create(api + "/api/v2/oauth/clients"),
                      MAPPER.writeValueAsBytes(members))
                  .body());
      made.add(
          Map.of(
              "client_id",
              shown.path("id").asText(),
              "client_secret",
              shown.path("secret").asText()));
    }
    return made;
  }

  /** Deactivates and deletes a client as somebody in the organisation would. */
  public void deleteByHand(URI login, String clientId) throws IOException, InterruptedException {
    var token = token(login, Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    var client = URI.create(api + "/api/v2/oauth/clients/" + clientId);
    var shown = byHand(token, "GET", client, new byte[0]);
    var body = (ObjectNode) MAPPER.readTree(shown.body());
    var _ = byHand(token, "PUT", client, MAPPER.writeValueAsBytes(body.put("state", "inactive")));
    var _ = byHand(token, "DELETE", client, new byte[0]);
  }

  /** Writes something else to an integration's credential as somebody in the organisation would. */
  public void overwriteByHand(URI login, String credentialId)
      throws IOException, InterruptedException {
    var token = token(login, Seed.CLIENT_ID, Seed.CLIENT_SECRET);
    var credential = URI.create(api + "/api/v2/integrations/credentials/" + credentialId);
    var shown = byHand(token, "GET", credential, new byte[0]);
    var body = (ObjectNode) MAPPER.readTree(shown.body());
    body.putObject("credentialFields").put("clientId", "another").put("clientSecret", "other");
    var _ = byHand(token, "PUT", credential, MAPPER.writeValueAsBytes(body));
  }

  private String token(URI login, String clientId, String secret)
      throws IOException, InterruptedException {
    return MAPPER.readTree(logIn(login, clientId, secret).body()).path("access_token").asText();
  }

  private HttpResponse<byte[]> byHand(String token, String method, URI uri, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    var response = http.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError("%s %s answered %d".formatted(method, uri, response.statusCode()));
    }
    return response;
  }

  private HttpResponse<byte[]> logIn(URI login, String clientId, String secret)
      throws IOException, InterruptedException {
    var basic =
        Base64.getEncoder()
            .encodeToString((clientId + ":" + secret).getBytes(StandardCharsets.UTF_8));
    var request =
        HttpRequest.newBuilder(URI.create(login + "/oauth/token"))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
    return http.send(request, BodyHandlers.ofByteArray());
  }

  private JsonNode send(String method, String path, Map<String, Object> body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(api + path))
            .method(method, BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body)))
            .build();
    var response = http.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new AssertionError(
          "%s %s answered %d: %s"
              .formatted(
                  method,
                  path,
                  response.statusCode(),
                  new String(response.body(), StandardCharsets.UTF_8)));
    }
    return MAPPER.readTree(response.body());
  }
}
