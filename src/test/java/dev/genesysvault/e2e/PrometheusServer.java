package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A real Prometheus with the configuration and the rules that are shipped, in a process of its own.
 * It looks once a second, and where an alert is pending for a minute, it is for a second.
 */
final class PrometheusServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path SHIPPED = Path.of("operations/prometheus");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;
  private final RealProcess process;

  private PrometheusServer(int port, RealProcess process) {
    this.address = "http://127.0.0.1:" + port;
    this.process = process;
  }

  /**
   * Starts one, and returns once it answers.
   *
   * @param folder an existing one for what it keeps
   * @param sidecar the port of the management address that it scrapes
   * @param alertmanager the port that it sends alerts to; none needs to listen
   */
  static PrometheusServer start(Path folder, int sidecar, int alertmanager) throws Exception {
    var tools = DebianTools.prometheus();
    int port = VaultServer.freePort();
    Files.writeString(
        folder.resolve("genesys-vault.rules.yml"),
        withSeconds(Files.readString(SHIPPED.resolve("genesys-vault.rules.yml"))));
    var config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            Files.readString(SHIPPED.resolve("prometheus.yml"))
                .replace("127.0.0.1:9092", "127.0.0.1:" + sidecar)
                .replace("127.0.0.1:9093", "127.0.0.1:" + alertmanager)
                .replace("interval: 15s", "interval: 1s"));
    var server =
        new PrometheusServer(
            port,
            RealProcess.start(
                folder.resolve("prometheus.log"),
                Map.of("NO_PROXY", "*"),
                List.of(
                    tools.program("prometheus"),
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + folder.resolve("prometheus"),
                    "--web.listen-address=127.0.0.1:" + port)));
    Eventually.is(
        "Prometheus is ready", PATIENCE, () -> server.get("/-/ready").statusCode() == 200);
    return server;
  }

  private static String withSeconds(String rules) {
    var lines = new StringBuilder();
    for (var line : rules.split("\n", -1)) {
      boolean pending = line.startsWith("        for: ") && line.endsWith("m");
      lines.append(pending ? line.substring(0, line.length() - 1) + "s" : line).append('\n');
    }
    return lines.toString();
  }

  /** Returns the alerts that fire, by name; each once a set of labels. */
  List<String> firing() throws IOException, InterruptedException {
    return api("/api/v1/alerts")
        .path("alerts")
        .valueStream()
        .filter(alert -> alert.path("state").asText().equals("firing"))
        .map(alert -> alert.path("labels").path("alertname").asText())
        .toList();
  }

  /** Returns the series that a query has now. */
  JsonNode query(String query) throws IOException, InterruptedException {
    return api("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
        .path("result");
  }

  /** Returns what a query had at each second since then. */
  JsonNode queryRange(String query, Instant since) throws IOException, InterruptedException {
    return api("/api/v1/query_range?step=1&start=%d&end=%d&query=%s"
            .formatted(
                since.getEpochSecond(),
                Instant.now().getEpochSecond(),
                URLEncoder.encode(query, StandardCharsets.UTF_8)))
        .path("result");
  }

  private JsonNode api(String path) throws IOException, InterruptedException {
    var answer = get(path);
    var body = MAPPER.readTree(answer.body());
    if (answer.statusCode() != 200) {
      throw new AssertionError("Prometheus answered %s: %s".formatted(path, body));
    }
    return body.path("data");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    if (!process.alive()) {
      throw new AssertionError("Prometheus has ended: " + process.log());
    }
    return http.send(
        HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }
}
