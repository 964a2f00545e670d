package dev.genesysvault.vaultapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.genesysvault.domain.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Vault that answers what a test tells it, each answer once and the last one from then on. */
public final class PlayedVault implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpServer server;
  private final Map<String, Deque<Reply>> replies = new HashMap<>();
  private final List<Asked> asked = new ArrayList<>();

  /** An answer. */
  private record Reply(int status, Object body) {}

  /**
   * A request that came.
   *
   * @param what method and path, without the query
   */
  public record Asked(String what, JsonNode body, String token, String namespace) {}

  /** Starts one. */
  public PlayedVault() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    on(
        "GET genesys/static-roles/import-fleet/import",
        200,
        Map.of("help", "dry_run first_rotation"));
    on("GET sys/health", 200, Map.of());
  }

  /** Returns how it is reached. */
  public VaultAccess access() {
    var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new VaultAccess(uri, Secret.of("t0ken"), "team", Optional.empty());
  }

  /** Answers the next request of that kind, and every one after it until it is told more. */
  public synchronized PlayedVault on(String what, int status, Object body) {
    replies.computeIfAbsent(what, _ -> new ArrayDeque<>()).add(new Reply(status, body));
    return this;
  }

  /** Forgets what it was told of a kind of request. */
  public synchronized PlayedVault forget(String what) {
    replies.remove(what);
    return this;
  }

  /** Returns all that was asked. */
  public synchronized List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** Returns the requests of a kind. */
  public List<Asked> asked(String what) {
    return asked().stream().filter(request -> request.what().equals(what)).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var what =
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI().getPath().substring("/v1/".length());
      var body = MAPPER.readTree(exchange.getRequestBody());
      var headers = exchange.getRequestHeaders();
      var reply =
          next(
              new Asked(
                  what,
                  body,
                  String.valueOf(headers.getFirst("X-Vault-Token")),
                  String.valueOf(headers.getFirst("X-Vault-Namespace"))));
      var bytes = MAPPER.writeValueAsBytes(reply.body());
      exchange.sendResponseHeaders(reply.status(), reply.status() == 204 ? -1 : bytes.length);
      if (reply.status() != 204) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private synchronized Reply next(Asked request) {
    asked.add(request);
    var left = replies.getOrDefault(request.what(), new ArrayDeque<>());
    var reply = left.size() > 1 ? left.poll() : left.peek();
    return reply == null ? new Reply(404, Map.of("errors", List.of())) : reply;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
