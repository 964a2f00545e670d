package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real Alertmanager with the configuration that is shipped, and the receiver that it calls. It
 * waits for seconds where the configuration says minutes.
 */
final class AlertmanagerServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path SHIPPED = Path.of("operations/prometheus/alertmanager.yml");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final int port;
  private final RealProcess process;
  private final HttpServer receiver;
  private final List<Told> told;

  private AlertmanagerServer(int port, RealProcess process, HttpServer receiver, List<Told> told) {
    this.port = port;
    this.process = process;
    this.receiver = receiver;
    this.told = told;
  }

  /**
   * One alert in a message to the receiver.
   *
   * @param status {@code firing} or {@code resolved}
   */
  record Told(String status, String name, JsonNode labels, JsonNode annotations) {}

  /** Starts one. */
  static AlertmanagerServer start(Path folder) throws Exception {
    var tools = DebianTools.prometheus();
    var told = new CopyOnWriteArrayList<Told>();
    var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/alerts", exchange -> take(exchange, told));
    receiver.start();
    var config =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            Files.readString(SHIPPED)
                .replace("127.0.0.1:9099", "127.0.0.1:" + receiver.getAddress().getPort())
                .replace("group_wait: 30s", "group_wait: 1s")
                .replace("group_interval: 5m", "group_interval: 1s"));
    int port = VaultServer.freePort();
    var process =
        RealProcess.start(
            tools.share("prometheus/alertmanager"),
            folder.resolve("alertmanager.log"),
            Map.of("NO_PROXY", "*"),
            List.of(
                tools.looksInWorkingDirectory(
                    "prometheus-alertmanager", "/usr/share/prometheus/alertmanager", folder),
                "--config.file=" + config,
                "--storage.path=" + folder.resolve("alertmanager"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address="));
    Eventually.is("Alertmanager listens", PATIENCE, () -> listens(port, process));
    return new AlertmanagerServer(port, process, receiver, told);
  }

  private static boolean listens(int port, RealProcess process) throws IOException {
    if (!process.alive()) {
      throw new AssertionError("Alertmanager has ended: " + process.log());
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    }
  }

  private static void take(HttpExchange exchange, List<Told> told) throws IOException {
    try (exchange) {
      var message = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
      for (var alert : message.path("alerts")) {
        var labels = alert.path("labels");
        told.add(
            new Told(
                alert.path("status").asText(),
                labels.path("alertname").asText(),
                labels,
                alert.path("annotations")));
      }
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Returns where Prometheus sends alerts. */
  int port() {
    return port;
  }

  /** Returns all that the receiver was told of one alert, in order. */
  List<Told> told(String name) {
    return told.stream().filter(alert -> alert.name().equals(name)).toList();
  }

  /** Whether the receiver was last told that of an alert. */
  boolean lastTold(String name, String status) {
    var all = told(name);
    return !all.isEmpty() && all.getLast().status().equals(status);
  }

  @Override
  public void close() {
    process.close();
    receiver.stop(0);
  }
}
