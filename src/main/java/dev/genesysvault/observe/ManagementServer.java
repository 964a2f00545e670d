package dev.genesysvault.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Answers {@code GET /health} over HTTP: 200 while the sidecar serves, 503 otherwise. */
public final class ManagementServer implements AutoCloseable {
  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException if the address cannot be used; its message names it
   */
  public static ManagementServer start(InetSocketAddress address, BooleanSupplier serving)
      throws IOException {
    try {
      var server = HttpServer.create(address, 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", exchange -> answer(exchange, serving));
      server.start();
      return new ManagementServer(server);
    } catch (IOException e) {
      throw new IOException(
          "management address %s cannot be used: %s".formatted(address, e.getMessage()), e);
    }
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private static void answer(HttpExchange exchange, BooleanSupplier serving) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/health")) {
        send(exchange, 404, "not found: ask /health\n");
      } else if (serving.getAsBoolean()) {
        send(exchange, 200, "serving\n");
      } else {
        send(exchange, 503, "not serving\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
