package dev.genesysvault.vaultapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.genesysvault.domain.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
  private record Reply(int status, String body, Map<String, String> headers) {}

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
    return onRaw(what, status, json(body), Map.of("Content-Type", "application/json"));
  }

  /** As {@link #on}, with whatever a proxy may say in its place. */
  public synchronized PlayedVault onRaw(
      String what, int status, String body, Map<String, String> headers) {
    replies.computeIfAbsent(what, _ -> new ArrayDeque<>()).add(new Reply(status, body, headers));
    return this;
  }

  private static String json(Object body) {
    try {
      return MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
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
      var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      boolean none = reply.status() == 204 || bytes.length == 0;
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(reply.status(), none ? -1 : bytes.length);
      if (!none) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private synchronized Reply next(Asked request) {
    asked.add(request);
    var left = replies.getOrDefault(request.what(), new ArrayDeque<>());
    var reply = left.size() > 1 ? left.poll() : left.peek();
    return reply == null ? new Reply(404, json(Map.of("errors", List.of())), Map.of()) : reply;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
