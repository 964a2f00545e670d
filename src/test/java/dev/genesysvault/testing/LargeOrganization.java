package dev.genesysvault.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.simulator.SimulatedReply.Delivery;
import dev.genesysvault.simulator.SimulatedRequest;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A simulated organisation that has many clients more, each of about a kilobyte, which it makes up
 * while it lists them: so it can have any number of them. They come before its own.
 */
public final class LargeOrganization implements AutoCloseable {
  private static final String LIST = "/api/v2/oauth/clients";
  private static final String BEGINNING = "{\"entities\":[";

  private final SimulatedGenesys genesys;
  private volatile int more;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger lists = new AtomicInteger();
  private volatile int paddedTo;

  /**
   * Starts one on a free port of the loopback address.
   *
   * @param genesys what it is otherwise
   */
  public LargeOrganization(SimulatedGenesys genesys) throws IOException {
    this.genesys = genesys;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Returns the address of both of its hosts. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Has this many clients more from now on. */
  public void growBy(int clients) {
    more = clients;
  }

  /** Makes every reply that long from now on, with white space, which means nothing; 0: as is. */
  public void padTo(int bytes) {
    paddedTo = bytes;
  }

  /** Returns how many lists were asked for so far. */
  public int lists() {
    return lists.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = request(exchange);
      var reply = genesys.handle(request);
      if (reply.delivery() instanceof Delivery.Lost) {
        return;
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      boolean list = request.method().equals("GET") && request.path().equals(LIST);
      if (list && reply.status() == 200) {
        lists.incrementAndGet();
        exchange.sendResponseHeaders(200, 0);
        list(exchange.getResponseBody(), new String(reply.body(), StandardCharsets.UTF_8));
      } else {
        var body = padded(reply.body());
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private byte[] padded(byte[] body) {
    var padded = Arrays.copyOf(body, Math.max(body.length, paddedTo));
    Arrays.fill(padded, body.length, padded.length, (byte) ' ');
    return padded;
  }

  private static SimulatedRequest request(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    var uri = exchange.getRequestURI();
    return new SimulatedRequest(
        uri.getPath().equals("/oauth/token") ? Origin.LOGIN : Origin.API,
        exchange.getRequestMethod(),
        uri.getPath(),
        Optional.ofNullable(uri.getRawQuery()).orElse(""),
        headers,
        exchange.getRequestBody().readAllBytes());
  }

  private void list(OutputStream out, String own) throws IOException {
    var random = new SplittableRandom(7);
    var text = new StringBuilder(BEGINNING);
    for (int i = 0; i < more; i++) {
      var id = new UUID(random.nextLong(), random.nextLong());
      text.append("{\"id\":\"")
          .append(id)
          .append("\",\"name\":\"integration-")
          .append(i)
          .append("\",\"state\":\"active\",\"description\":\"")
          .append("what somebody wrote of it ".repeat(20))
          .append("\",\"accessTokenValiditySeconds\":86400,\"roleDivisions\":[");
      for (int pair = 0; pair < 3; pair++) {
        text.append(pair == 0 ? "" : ",")
            .append("{\"roleId\":\"")
            .append(new UUID(i, pair))
            .append("\",\"divisionId\":\"*\"}");
      }
      text.append("]},");
      if (text.length() > 1 << 16) {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
      }
    }
    int at = own.indexOf("\"total\":") + "\"total\":".length();
    int end = own.indexOf(',', at);
    text.append(own, BEGINNING.length(), at)
        .append(more + Integer.parseInt(own.substring(at, end)))
        .append(own, end, own.length());
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
