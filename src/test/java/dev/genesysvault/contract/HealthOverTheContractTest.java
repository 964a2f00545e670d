package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.Sidecar;
import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.PageSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.logging.LogFormat;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatorAdmin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real sidecar tells at its management address of what a played plugin did. */
@Tag("slow")
final class HealthOverTheContractTest {
  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final HttpClient http = HttpClient.newHttpClient();
  private final Sidecar sidecar;
  private final TestShim shim;

  HealthOverTheContractTest(@TempDir Path folder) throws IOException {
    var socket = folder.resolve("sidecar.sock");
    sidecar =
        Sidecar.start(
            new Settings(
                socket,
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                0.9,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(100),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                NetworkSettings.OF_JVM,
                Optional.empty(),
                MetricsSettings.SCRAPED,
                LogFormat.TEXT,
                new PageSettings(true, List.of())));
    shim = new TestShim(socket, new InMemoryStorage());
  }

  @BeforeEach
  void configure() {
    shim.configure(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    http.close();
    shim.close();
    sidecar.close();
    simulator.close();
  }

  private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
    int port = sidecar.managementAddress().orElseThrow().getPort();
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
        BodyHandlers.ofString());
  }

  private JsonNode line(String component) throws Exception {
    for (var line : new ObjectMapper().readTree(ask("/health").body()).path("components")) {
      if (line.path("component").asText().equals(component)) {
        return line;
      }
    }
    return new ObjectMapper().createObjectNode();
  }

  /** Asks until it shows that: an answer may be a second old. */
  private JsonNode await(String component, Predicate<JsonNode> shows) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    var shown = line(component);
    while (!shows.test(shown) && System.nanoTime() - end < 0) {
      Thread.sleep(Duration.ofMillis(50));
      shown = line(component);
    }
    assertThat(shows.test(shown)).as("%s is %s", component, shown).isTrue();
    return shown;
  }

  @Test
  void genesys_that_goes_away_and_comes_back_is_told_with_since_when_and_why() throws Exception {
    shim.attend().awaitFirstOp();
    await("session", it -> it.path("status").asText().equals("up"));
    var _ = shim.serve(shim.creds("request-1")).result();
    await("genesys", it -> it.path("status").asText().equals("up") && it.has("last_success"));

    genesys.goDown();
    var _ = shim.serve(shim.creds("request-2")).result();
    var away = await("genesys", it -> it.path("status").asText().equals("away"));

    assertThat(away.path("mount").asText()).isEqualTo("genesys/");
    assertThat(away.path("failing_since").asText()).endsWith("Z");
    assertThat(away.path("reason").asText()).contains("/api/v2/oauth/clients");
    assertThat(ask("/health").statusCode()).isEqualTo(200);
    assertThat(ask("/health/ready").body()).isEqualTo("ready\n");

    genesys.clearFaults();
    var _ = shim.serve(shim.creds("request-3")).result();
    await("genesys", it -> it.path("status").asText().equals("up"));
  }

  @Test
  void the_page_shows_the_mount_and_no_secret_is_anywhere() throws Exception {
    shim.attend().awaitFirstOp();
    var response = shim.serve(shim.creds("request-1")).result().getResponse();
    var issued = Json.read(response.getDataJson().toByteArray());
    await("session", it -> it.path("status").asText().equals("up"));
    var page = ask("/");
    var data = ask("/page.json").body();
    var mount = new ObjectMapper().readTree(data).path("mounts").path(0);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'");
    assertThat(mount.path("path").asText()).isEqualTo("genesys/");
    assertThat(mount.path("clients").path("states").path("issued").asInt()).isEqualTo(1);
    for (var text : List.of(page.body(), data, ask("/health").body())) {
      assertThat(text.contains(String.valueOf(issued.get("client_secret")))).isFalse();
      assertThat(text.contains(String.valueOf(issued.get("client_id")))).isFalse();
      assertThat(text.contains(Seed.CLIENT_SECRET)).isFalse();
    }
  }
}
