package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.Sidecar;
import dev.genesysvault.config.MetricsSettings;
import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.config.Settings;
import dev.genesysvault.proto.v1.Error;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatorAdmin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many more requests than Genesys allows in its real limit, on a real socket. */
@Tag("slow")
final class FloodOverTheContractTest {
  /** What Genesys allows a minute. */
  private static final int LIMIT = 300;

  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final TestShim shim;
  private final Sidecar sidecar;

  FloodOverTheContractTest(@TempDir Path folder) throws IOException {
    var socket = folder.resolve("sidecar.sock");
    var settings =
        new Settings(
            socket,
            Optional.empty(),
            0.9,
            Duration.ofSeconds(90),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            NetworkSettings.OF_JVM,
            Optional.empty(),
            MetricsSettings.SCRAPED);
    sidecar = Sidecar.start(settings);
    shim = new TestShim(socket, new InMemoryStorage());
  }

  @AfterEach
  void stop() throws IOException {
    shim.close();
    sidecar.close();
    simulator.close();
  }

  @Test
  void a_flood_of_reads_neither_keeps_revoked_clients_alive_nor_is_it_held_in_memory()
      throws Exception {
    configure();
    var leases = new ArrayList<Result>();
    for (int i = 0; i < 12; i++) {
      leases.add(shim.serve(shim.creds("lease-" + i)).result());
    }
    shim.hurry(300);
    var flood = read("flood", 320);
    awaitCreated(200);
    var rest = read("rest", 3_680);

    var waits = new ArrayList<Duration>();
    for (var lease : leases) {
      long begun = System.nanoTime();
      var id =
          String.valueOf(
              Json.read(lease.getResponse().getDataJson().toByteArray()).get("client_id"));
      var revoked =
          shim.serve(shim.onLease(Operation.OPERATION_REVOKE, lease, Instant.now())).result();
      waits.add(Duration.ofNanos(System.nanoTime() - begun));
      assertThat(revoked.hasNothing()).isTrue();
      assertThat(genesys.clients())
          .noneMatch(client -> client.id().equals(id) && client.state().equals("active"));
    }
    System.out.printf("from revoke to deactivated among 4,000 reads: %s%n", waits);
    assertThat(waits).allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(5)));

    // Those for whom there was no room heard so at once, and when to come back.
    assertThat(refusals(rest))
        .hasSizeGreaterThan(3_000)
        .allSatisfy(error -> {
          assertThat(error.getHttpStatus()).isEqualTo(429);
          assertThat(error.getMessage()).containsPattern("[0-9] s");
        });
    assertThat(genesys.answered(429)).isZero();
    flood.forEach(TestShim.Stream::cancel);
    rest.forEach(TestShim.Stream::cancel);
  }

  private static List<Error> refusals(List<TestShim.Stream> streams) {
    return streams.stream().flatMap(stream -> stream.refusal().stream()).toList();
  }

  private List<TestShim.Stream> read(String name, int count) {
    var streams = new ArrayList<TestShim.Stream>();
    for (int i = 0; i < count; i++) {
      streams.add(shim.serve(shim.creds(name + "-" + i)));
    }
    return streams;
  }

  private void awaitCreated(int count) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (genesys.count("POST", "/api/v2/oauth/clients") < count) {
      assertThat(System.nanoTime() - end).as("time to create").isNegative();
    }
  }

  private void configure() throws Exception {
    genesys.turn(Map.of("rate_limit", LIMIT));
    shim.configure(simulator);
  }
}
