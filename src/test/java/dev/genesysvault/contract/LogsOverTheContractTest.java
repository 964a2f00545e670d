package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatorAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real sidecar writes to its log while Genesys fails whoever reads. */
@Tag("slow")
final class LogsOverTheContractTest {
  private static final int READERS = 20;

  @TempDir Path folder;
  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final InMemoryStorage storage = new InMemoryStorage();

  LogsOverTheContractTest() throws IOException {}

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void readers_of_a_failing_genesys_cost_two_lines_of_json_that_say_all() throws Exception {
    try (var sidecar = new SidecarProcess(folder, Map.of(), "--log-format=json")) {
      try (var shim = new TestShim(sidecar.socket(), storage)) {
        configure(shim);
        genesys.arm(
            Map.of(
                "method", "POST", "path", "/api/v2/oauth/clients", "status", 503, "count", 1_000));
        for (int i = 0; i < READERS; i++) {
          var result = shim.serve(shim.creds("reader-" + i)).result();
          assertThat(result.getError().getHttpStatus()).isGreaterThanOrEqualTo(500);
        }
      }
      sidecar.end();

      var served = lines(sidecar.log(), "request served");
      assertThat(served).hasSize(2);
      assertThat(served.getFirst().path("request_id").asText()).isEqualTo("reader-0");
      assertThat(served.getLast().path("request_id").asText()).isEqualTo("reader-19");
      assertThat(served.getLast().path("count").asInt()).isEqualTo(READERS - 1);
      for (var line : served) {
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("mount_path").asText()).isEqualTo("genesys/");
        assertThat(line.path("outcome").asText())
            .contains(line.path("correlation_id").asText("missing"));
      }
      assertThat(Files.readString(sidecar.log())).doesNotContain(Seed.CLIENT_SECRET);
    }
  }

  @Test
  void the_environment_says_the_form_too_and_text_is_the_usual_one() throws Exception {
    try (var sidecar = new SidecarProcess(folder, Map.of("GENESYS_SIDECAR_LOG_FORMAT", "text"))) {
      assertThat(Files.readString(sidecar.log())).contains("INFO  Main sidecar is ready version=");
    }
  }

  private void configure(TestShim shim) {
    shim.configure(simulator);
  }

  private static List<JsonNode> lines(Path log, String message) throws IOException {
    var lines = new ArrayList<JsonNode>();
    for (var line : Files.readAllLines(log)) {
      if (line.startsWith("{")) {
        var json = new ObjectMapper().readTree(line);
        if (json.path("message").asText().equals(message)) {
          lines.add(json);
        }
      }
    }
    return lines;
  }
}
