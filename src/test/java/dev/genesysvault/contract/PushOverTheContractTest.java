package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.genesysvault.Sidecar;
import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.network.Transport.Request;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.PlayedCollector;
import dev.genesysvault.testing.SimulatedOrganization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sidecar that nobody scrapes pushes of what it did, when it is stopped. */
@Tag("slow")
final class PushOverTheContractTest {
  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final PlayedCollector collector = new PlayedCollector();
  private final HttpServer receiver;

  PushOverTheContractTest() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/v1/metrics",
        exchange -> {
          collector.requests.add(
              new Request(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  Map.of("x-key", String.valueOf(exchange.getRequestHeaders().getFirst("x-key"))),
                  exchange.getRequestBody().readAllBytes(),
                  Duration.ofSeconds(1)));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
    simulator.close();
  }

  @Test
  void the_last_push_counts_what_was_done_and_holds_no_secret(@TempDir Path folder)
      throws Exception {
    var socket = folder.resolve("sidecar.sock");
    var headers = Files.writeString(folder.resolve("headers"), "x-key: k-1");
    var endpoint =
        URI.create("http://127.0.0.1:%d/v1/metrics".formatted(receiver.getAddress().getPort()));
    var sidecar =
        Sidecar.start(
            new Settings(
                socket,
                Optional.empty(),
                0.9,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(100),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                NetworkSettings.OF_JVM,
                Optional.empty(),
                new MetricsSettings(
                    false,
                    Optional.of(new MetricsSettings.Otlp(endpoint, Optional.of(headers))),
                    Optional.empty(),
                    Duration.ofHours(1))));
    try (sidecar;
        var shim = new TestShim(socket, new InMemoryStorage())) {
      shim.configure(simulator);
      assertThat(shim.serve(shim.creds("request-1")).result().hasResponse()).isTrue();
    }

    assertThat(collector.numbers())
        .containsEntry(
            "genesys_vault_requests_total[mount=genesys/, operation=read, path=creds/name, result=ok]",
            1.0)
        .containsEntry(
            "genesys_vault_genesys_calls_total[call=POST /api/v2/oauth/clients, lane=issue, status=2xx]",
            1.0)
        .containsEntry("genesys_vault_session_open[mount=genesys/]", 0.0);
    var last = collector.requests.getLast();
    assertThat(last.headers()).containsEntry("x-key", "k-1");
    assertThat(collector.last().toString())
        .doesNotContain(
            String.valueOf(SimulatedOrganization.config(simulator).get("client_secret")));
  }
}
