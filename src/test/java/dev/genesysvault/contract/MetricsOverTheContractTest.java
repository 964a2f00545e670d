package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.Sidecar;
import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.Exposition;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.Scraper;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape of a real sidecar shows of what a played plugin did. */
@Tag("slow")
final class MetricsOverTheContractTest {
  private static final String CREATE = "call=POST /api/v2/oauth/clients";

  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final InMemoryStorage storage = new InMemoryStorage();
  private final Sidecar sidecar;
  private final TestShim shim;
  private final Scraper scraper;

  MetricsOverTheContractTest(@TempDir Path folder) throws IOException {
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
                MetricsSettings.SCRAPED));
    shim = new TestShim(socket, storage);
    scraper = new Scraper(sidecar.managementAddress().orElseThrow().getPort());
  }

  @BeforeEach
  void configure() {
    shim.configure(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    scraper.close();
    shim.close();
    sidecar.close();
    simulator.close();
  }

  private Result issue(String requestId) {
    return shim.serve(shim.creds(requestId)).result();
  }

  /** Scrapes until it shows that: one may be a second old. */
  private Exposition await(Predicate<Exposition> shows) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    var shown = scraper.scrape();
    while (!shows.test(shown) && System.nanoTime() - end < 0) {
      Thread.sleep(Duration.ofMillis(50));
      shown = scraper.scrape();
    }
    assertThat(shows.test(shown)).isTrue();
    return shown;
  }

  private static double requests(Exposition shown, String... labels) {
    return shown.sum("genesys_vault_requests_total", labels);
  }

  @Test
  void issues_and_their_failures_show_with_what_they_cost() throws Exception {
    issue("request-1");
    genesys.arm(Map.of("method", "POST", "path", "/api/v2/oauth/clients", "status", 403));
    issue("request-2");
    genesys.arm(
        Map.of("method", "POST", "path", "/api/v2/oauth/clients", "status", 429, "retry_after", 3));
    issue("request-3");

    var shown = await(it -> requests(it, "path=creds/name", "result=genesys_limited") == 1);

    assertThat(requests(shown, "mount=genesys/", "path=creds/name", "result=ok")).isEqualTo(1);
    assertThat(requests(shown, "path=creds/name", "result=genesys_failed")).isEqualTo(1);
    assertThat(shown.sum("genesys_vault_genesys_calls_total", CREATE, "status=2xx", "lane=issue"))
        .isEqualTo(1);
    assertThat(shown.sum("genesys_vault_genesys_calls_total", CREATE, "status=403")).isEqualTo(1);
    assertThat(shown.sum("genesys_vault_genesys_calls_total", CREATE, "status=429")).isEqualTo(1);
    assertThat(shown.sum("genesys_vault_genesys_call_duration_seconds_count", CREATE)).isEqualTo(3);
    assertThat(
            shown.sum(
                "genesys_vault_storage_operation_duration_seconds_count",
                "operation=put",
                "result=ok"))
        .isPositive();
    assertThat(shown.sum("genesys_vault_request_storage_operations_count", "path=creds/name"))
        .isEqualTo(3);
    assertThat(shown.sum("genesys_vault_budget_pause_seconds", "mount=genesys/")).isPositive();
    assertThat(shown.sum("genesys_vault_budget_remaining_requests", "mount=genesys/")).isPositive();
  }

  @Test
  void a_session_shows_its_clients_and_a_mount_that_is_gone_shows_nothing_of_them()
      throws Exception {
    var session = shim.attend();
    session.awaitFirstOp();
    var issued = issue("request-1");
    genesys.arm(
        Map.of(
            "method",
            "PUT",
            "path",
            "/api/v2/oauth/clients/{clientId}",
            "status",
            503,
            "count",
            2));
    var _ = shim.serve(shim.onLease(Operation.OPERATION_REVOKE, issued, Instant.now())).result();

    var shown =
        await(it ->
            it.sum("genesys_vault_clients", "state=issued") == 0
                && it.sum("genesys_vault_session_loaded") == 1
                && requests(it, "path=lease", "operation=revoke") == 1);
    assertThat(shown.sum("genesys_vault_session_open", "mount=genesys/")).isEqualTo(1);
    assertThat(shown.sum("genesys_vault_grpc_streams", "method=Attend")).isEqualTo(1);

    session.cancel();

    shown =
        await(it ->
            it.sum("genesys_vault_grpc_streams", "method=Attend") == 0
                && it.family("genesys_vault_session_open").isEmpty());
    assertThat(shown.family("genesys_vault_clients")).isEmpty();
  }

  @Test
  void calls_that_are_refused_at_the_door_are_counted_with_their_reason() throws Exception {
    var refused = "genesys_vault_grpc_calls_refused_total";
    var before = await(it -> it.values(refused, "reason").size() == 5);
    assertThat(before.sum(refused)).isZero();

    shim.serve(shim.call(Operation.OPERATION_READ, "status").setProtocolVersion(99)).end();
    shim.serve(shim.call(Operation.OPERATION_UNSPECIFIED, "status")).end();
    var large = Map.<String, Object>of("description", "x".repeat(10_000));
    assertThat(shim.write("roles/name", Map.of("name", "demo"), large).hasError()).isTrue();

    var shown = await(it -> it.sum(refused) == 3);
    for (var reason : List.of("handshake", "contract", "fields")) {
      assertThat(shown.sum(refused, "reason=" + reason)).as(reason).isEqualTo(1);
    }
  }

  @Test
  void no_secret_and_no_id_of_a_client_is_in_the_answer() throws Exception {
    var response = issue("request-1").getResponse();
    var data = Json.read(response.getDataJson().toByteArray());
    shim.attend().awaitFirstOp();

    var _ = await(it -> requests(it, "path=creds/name") == 1);
    var texts = List.of(scraper.text(), scraper.ask("application/openmetrics-text").body());

    for (var text : texts) {
      assertThat(text)
          .doesNotContain(String.valueOf(data.get("client_secret")))
          .doesNotContain(String.valueOf(data.get("client_id")))
          .doesNotContain("demo");
      for (var own : List.of("client_id", "client_secret")) {
        assertThat(text)
            .doesNotContain(String.valueOf(SimulatedOrganization.config(simulator).get(own)));
      }
    }
  }
}
