package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatorAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may only read {@code status} reads it 4,000 times at once, with the smallest heap. */
@Tag("slow")
final class StatusFloodOverTheContractTest {
  private static final int READERS = 4_000;

  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final SidecarProcess sidecar;
  private final TestShim shim;

  StatusFloodOverTheContractTest(@TempDir Path folder) throws Exception {
    sidecar = new SidecarProcess(folder);
    shim = new TestShim(sidecar.socket(), new InMemoryStorage());
  }

  @AfterEach
  void stop() throws IOException {
    shim.close();
    sidecar.close();
    simulator.close();
  }

  @Test
  void few_readers_of_status_are_held_and_others_get_in_meanwhile() throws Exception {
    configure();
    var lease = shim.serve(shim.creds("lease")).result();
    genesys.arm(
        Map.of(
            "method",
            "GET",
            "path",
            "/api/v2/organizations/me",
            "delay_ms",
            10_000,
            "count",
            READERS));
    var readers = read();

    long begun = System.nanoTime();
    var revoked =
        shim.serve(shim.onLease(Operation.OPERATION_REVOKE, lease, Instant.now())).result();
    var revoke = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(revoked.hasNothing()).isTrue();
    assertThat(genesys.clients())
        .noneMatch(
            client -> client.id().equals(clientId(lease)) && client.state().equals("active"));
    var issued = shim.serve(shim.creds("another")).result();
    assertThat(issued.hasResponse()).as(issued.toString()).isTrue();
    var written = shim.write("config", Map.of(), Map.of("ttl", 7_200));
    assertThat(written.hasError()).as(written.toString()).isFalse();

    int refused = 0;
    int answered = 0;
    for (var reader : readers) {
      var result = reader.result();
      if (result.hasError()) {
        assertThat(result.getError().getHttpStatus()).isEqualTo(429);
        assertThat(result.getError().getMessage())
            .contains("too many requests that read status", "Come back in 2 s");
        refused++;
      } else {
        answered++;
      }
    }
    System.out.printf(
        "%,d reads of status at once: %,d answered, %,d refused, a revoke in %d ms%n",
        READERS, answered, refused, revoke.toMillis());
    assertThat(sidecar.alive()).as(Files.readString(sidecar.log())).isTrue();
    assertThat(revoke).isLessThan(Duration.ofSeconds(5));
    assertThat(refused).isGreaterThan(READERS / 2);
    assertThat(shim.serve(shim.call(Operation.OPERATION_READ, "status")).result().hasResponse())
        .isTrue();
  }

  private List<TestShim.Stream> read() {
    var streams = new ArrayList<TestShim.Stream>();
    for (int i = 0; i < READERS; i++) {
      streams.add(shim.serve(shim.call(Operation.OPERATION_READ, "status")));
    }
    return streams;
  }

  private static String clientId(Result lease) {
    return String.valueOf(
        Json.read(lease.getResponse().getDataJson().toByteArray()).get("client_id"));
  }

  private void configure() {
    shim.configure(simulator);
  }
}
