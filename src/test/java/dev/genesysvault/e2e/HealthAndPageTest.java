package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of health and page while a real Vault issues and rotates. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HealthAndPageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stack stack;
  private final int port = VaultServer.freePort();
  private final HttpClient http = HttpClient.newHttpClient();

  HealthAndPageTest(@TempDir Path folder) throws Exception {
    var flags = new ArrayList<>(SidecarProcess.HASTY);
    flags.add("--management-address=" + port);
    flags.add("--page-names");
    stack = Stack.start(folder, flags.toArray(String[]::new));
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterAll
  void stop() {
    http.close();
    stack.close();
  }

  private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(ask(path).body());
  }

  private JsonNode component(String name, String mount) throws IOException, InterruptedException {
    for (var line : json("/health").path("components")) {
      if (line.path("component").asText().equals(name)
          && line.path("mount").asText().equals(mount)) {
        return line;
      }
    }
    return new ObjectMapper().createObjectNode();
  }

  @Test
  void a_mount_is_well_and_then_genesys_is_away_and_vault_and_probes_go_on() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");
    Eventually.is(
        "all is well",
        PATIENCE,
        () -> component("genesys", "genesys/").path("status").asText().equals("up"));
    assertThat(component("session", "genesys/").path("status").asText()).isEqualTo("up");

    stack.genesys.goDown();
    var _ = stack.http.get("genesys/creds/demo");

    Eventually.is(
        "genesys is told to be away",
        PATIENCE,
        () -> component("genesys", "genesys/").path("status").asText().equals("away"));
    assertThat(ask("/health/live").statusCode()).isEqualTo(200);
    assertThat(ask("/health/ready").statusCode()).isEqualTo(200);
    assertThat(ask("/health").body().contains(lease.getData().get("client_secret"))).isFalse();
    stack.genesys.clearFaults();
  }

  @Test
  void a_rotation_stands_in_the_calendar_of_the_page() throws Exception {
    var mount = FurnishedMount.at("second", stack, "deferred", FurnishedMount.STEADY);
    var former = mount.credential(FurnishedMount.STEADY);
    stack.http.must("second/rotate-role/" + FurnishedMount.STEADY, Map.of());
    mount.awaitSuccessor(FurnishedMount.STEADY, former);

    Eventually.is("the calendar has it", PATIENCE, () -> done("second/") >= 1);
    assertThat(ask("/").body()).startsWith("<!doctype html>");
    mount.clearAway();
  }

  private int done(String mount) throws IOException, InterruptedException {
    int done = 0;
    for (var calendar : json("/page.json").path("calendar")) {
      if (calendar.path("mount").asText().equals(mount)) {
        for (var day : calendar.path("days")) {
          done += day.path(0).asInt() == 0 ? day.path(1).asInt() : 0;
        }
      }
    }
    return done;
  }
}
