package dev.genesysvault.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.genesysvault.simulator.SimulatedReply.Delivery;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A simulated organisation behind two loopback sockets, which acts out what replies are told. */
public final class SimulatorServer implements AutoCloseable {
  private final SimulatedGenesys genesys;
  private final HttpServer api;
  private final HttpServer login;
  private final String scheme;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private SimulatorServer(
      SimulatedGenesys genesys, HttpServer api, HttpServer login, String scheme) {
    this.scheme = scheme;
    this.genesys = genesys;
    this.api = api;
    this.login = login;
  }

  /**
   * Starts both origins on the loopback address.
   *
   * @param apiPort 0 for any free one
   * @param loginPort 0 for any free one
   * @throws IOException if a port cannot be used; its message names it
   */
  public static SimulatorServer start(int apiPort, int loginPort) throws IOException {
    return start(apiPort, loginPort, Optional.empty());
  }

  /**
   * Starts both origins behind TLS, on free ports of the loopback address.
   *
   * @param tls with the certificate that it shows
   * @throws IOException if no port can be used
   */
  public static SimulatorServer startTls(SSLContext tls) throws IOException {
    return start(0, 0, Optional.of(tls));
  }

  private static SimulatorServer start(int apiPort, int loginPort, Optional<SSLContext> tls)
      throws IOException {
    var genesys = new SimulatedGenesys(InstantSource.system(), new SecureRandom());
    var api = bind("API", apiPort, tls);
    try {
      var scheme = tls.isPresent() ? "https" : "http";
      var server = new SimulatorServer(genesys, api, bind("log-in", loginPort, tls), scheme);
      server.listen(server.api, Origin.API);
      server.listen(server.login, Origin.LOGIN);
      return server;
    } catch (IOException e) {
      api.stop(0);
      throw e;
    }
  }

  private static HttpServer bind(String origin, int port, Optional<SSLContext> tls)
      throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      if (tls.isEmpty()) {
        return HttpServer.create(address, 0);
      }
      var server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
      return server;
    } catch (IOException e) {
      throw new IOException(
          "%s port %d cannot be used: %s".formatted(origin, port, e.getMessage()), e);
    }
  }

  private void listen(HttpServer server, Origin origin) {
    server.setExecutor(executor);
    server.createContext("/", exchange -> serve(exchange, origin));
    server.start();
  }

  /** Returns the base URL of the Platform API, and of the admin paths. */
  public URI apiUrl() {
    return url(api);
  }

  /** Returns the base URL of the log-in service. */
  public URI loginUrl() {
    return url(login);
  }

  /** Returns the organisation behind it. */
  public SimulatedGenesys genesys() {
    return genesys;
  }

  private URI url(HttpServer server) {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange, Origin origin) throws IOException {
    try (exchange) {
      var request = request(exchange, origin);
      var reply = genesys.handle(request);
      switch (reply.delivery()) {
        case Delivery.Whole _ -> send(exchange, reply);
        case Delivery.Late(var by) -> {
          Thread.sleep(by);
          send(exchange, reply);
        }
        // Closing an exchange that has sent nothing ends its connection without a reply.
        case Delivery.Lost _ -> {}
        case Delivery.Held(var id, var acted) -> {
          var _ = genesys.released(id).get();
          send(exchange, acted ? reply : genesys.act(request));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private static SimulatedRequest request(HttpExchange exchange, Origin origin) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    var uri = exchange.getRequestURI();
    return new SimulatedRequest(
        origin,
        exchange.getRequestMethod(),
        uri.getPath(),
        Optional.ofNullable(uri.getRawQuery()).orElse(""),
        headers,
        exchange.getRequestBody().readAllBytes());
  }

  private static void send(HttpExchange exchange, SimulatedReply reply) throws IOException {
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    boolean empty = reply.body().length == 0;
    exchange.sendResponseHeaders(reply.status(), empty ? -1 : reply.body().length);
    if (!empty) {
      exchange.getResponseBody().write(reply.body());
    }
  }

  @Override
  public void close() {
    api.stop(0);
    login.stop(0);
    executor.shutdownNow();
  }
}
