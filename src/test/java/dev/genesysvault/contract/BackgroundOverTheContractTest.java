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
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatorAdmin;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The background session of a real sidecar, held by a played plugin. */
@Tag("slow")
final class BackgroundOverTheContractTest {
  private static final String CLIENTS = "/api/v2/oauth/clients";
  private static final String CLIENT = "/api/v2/oauth/clients/{clientId}";

  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final InMemoryStorage storage = new InMemoryStorage();
  private final Settings settings;
  private final TestShim shim;
  private Sidecar sidecar;

  BackgroundOverTheContractTest(@TempDir Path folder) throws IOException {
    settings =
        new Settings(
            folder.resolve("sidecar.sock"),
            Optional.empty(),
            0.9,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            NetworkSettings.OF_JVM,
            Optional.empty(),
            MetricsSettings.SCRAPED);
    sidecar = Sidecar.start(settings);
    shim = new TestShim(settings.socket(), storage);
  }

  @BeforeEach
  void configure() {
    shim.configure(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    shim.close();
    sidecar.close();
    simulator.close();
  }

  @Test
  void finishes_a_revoke_that_genesys_failed() throws Exception {
    var session = shim.attend();
    session.awaitFirstOp();
    var issued = issue("request-1");
    genesys.arm(Map.of("method", "PUT", "path", CLIENT, "status", 503, "count", 3));

    assertThat(revoke(issued).hasNothing()).isTrue();

    eventually("the client is gone", () -> !genesys.clientIds().contains(clientId(issued)));
    eventually("its record is gone", () -> records().isEmpty());
  }

  @Test
  void finishes_what_was_left_before_the_sidecar_started() throws Exception {
    var issued = issue("request-1");
    genesys.arm(Map.of("method", "PUT", "path", CLIENT, "status", 503));
    revoke(issued);
    assertThat(records()).hasSize(1);

    sidecar.close();
    sidecar = Sidecar.start(settings);
    shim.attend();

    eventually("the client is gone", () -> !genesys.clientIds().contains(clientId(issued)));
    eventually("its record is gone", () -> records().isEmpty());
  }

  @Test
  void ends_what_a_create_made_whose_answer_nobody_got() throws Exception {
    shim.attend().awaitFirstOp();
    genesys.turn(Map.of("list_lag_seconds", 1));
    genesys.arm(Map.of("method", "POST", "path", CLIENTS, "reply_lost", true));
    genesys.arm(Map.of("method", "GET", "path", CLIENTS, "status", 503));
    var lost = shim.serve(shim.creds("request-1")).result();
    assertThat(lost.getError().getHttpStatus()).isEqualTo(504);
    assertThat(genesys.clientsMarked(mark())).hasSize(1);

    eventually("the client is gone", () -> genesys.clientsMarked(mark()).isEmpty());
    eventually("its record is gone", () -> records().isEmpty());
  }

  @Test
  void takes_over_what_the_plugin_wrote_down_and_told_it() throws Exception {
    var session = shim.attend();
    session.awaitFirstOp();
    var issued = issue("request-1");
    journal(issued);

    session.notice();

    eventually("the client is gone", () -> !genesys.clientIds().contains(clientId(issued)));
    eventually("journal and record are gone", () -> storage.keys().size() == 3);
  }

  @Test
  void shows_a_stuck_client_with_its_remedy_and_tries_again_when_told() throws Exception {
    shim.attend().awaitFirstOp();
    var issued = issue("request-1");
    genesys.arm(Map.of("method", "PUT", "path", CLIENT, "status", 403, "code", "x", "count", 2));
    revoke(issued);
    var key = Map.of("key", records().getFirst().substring("clients/".length()));
    eventually("the client is stuck", () -> "stuck".equals(read("clients/key", key).get("state")));
    assertThat(read("clients/key", key).get("last_error")).asString().contains("grant that");
    assertThat(queues().get("stuck")).isEqualTo(1);

    assertThat(shim.write("clients/retry", key, Map.of()).hasNothing()).isTrue();

    eventually("the client is gone", () -> !genesys.clientIds().contains(clientId(issued)));
    eventually("its record is gone", () -> records().isEmpty());
  }

  @Test
  void stops_the_older_session_within_its_step_before_the_newer_works() throws Exception {
    var older = shim.attend();
    older.awaitFirstOp();
    var issued = issue("request-1");
    genesys.arm(Map.of("method", "PUT", "path", CLIENT, "status", 503));
    genesys.arm(Map.of("method", "PUT", "path", CLIENT, "hold", "before"));
    revoke(issued);
    genesys.awaitHeld();

    shim.attend();

    assertThat(older.end().getCode()).isEqualTo(Status.Code.ABORTED);
    genesys.clearFaults();
    eventually("the client is gone", () -> !genesys.clientIds().contains(clientId(issued)));
    eventually("its record is gone", () -> records().isEmpty());
  }

  @Test
  void drains_what_waits_before_the_mount_is_disabled() throws Exception {
    shim.attend().awaitFirstOp();
    var first = issue("request-1");
    var second = issue("request-2");
    genesys.arm(Map.of("method", "PUT", "path", CLIENT, "status", 503, "count", 2));
    revoke(first);
    revoke(second);
    shim.taint();

    var result = shim.serve(shim.call(Operation.OPERATION_ROLLBACK, "")).result();

    assertThat(result.getResponse().getWarningsList()).isEmpty();
    assertThat(genesys.clientsMarked(mark())).isEmpty();
  }

  @Test
  void keeps_what_the_plugin_promised_where_the_mount_is_disabled_before_its_session_is_open()
      throws Exception {
    var issued = issue("request-1");
    journal(issued);
    shim.taint();

    var rollback = shim.serve(shim.call(Operation.OPERATION_ROLLBACK, ""));
    shim.attend();

    assertThat(rollback.result().getResponse().getWarningsList()).isEmpty();
    assertThat(genesys.clientsMarked(mark())).isEmpty();
  }

  @Test
  void names_what_the_plugin_promised_where_no_session_opens_in_time() throws Exception {
    var issued = issue("request-1");
    journal(issued);
    shim.taint();
    shim.hurry(6);

    var result = shim.serve(shim.call(Operation.OPERATION_ROLLBACK, "")).result();

    assertThat(result.getResponse().getWarningsList())
        .first()
        .asString()
        .contains("journal/")
        .contains(clientId(issued))
        .contains("written down and is not done");
  }

  @Test
  void names_what_is_left_of_a_mount_that_is_being_disabled() throws Exception {
    var issued = issue("request-1");
    genesys.arm(Map.of("method", "PUT", "path", CLIENT, "status", 503));
    revoke(issued);
    shim.taint();
    shim.hurry(6);

    var result = shim.serve(shim.call(Operation.OPERATION_ROLLBACK, "")).result();

    assertThat(result.getResponse().getWarningsList())
        .singleElement()
        .asString()
        .contains(clientId(issued))
        .contains("is not decommissioned");
  }

  @Test
  void names_who_is_handed_out_when_the_mount_is_being_disabled() throws Exception {
    shim.attend().awaitFirstOp();
    var issued = issue("request-1");
    shim.taint();

    var result = shim.serve(shim.call(Operation.OPERATION_ROLLBACK, "")).result();

    assertThat(result.getResponse().getWarningsList())
        .singleElement()
        .asString()
        .contains(clientId(issued))
        .contains("if it has no lease, delete it in Genesys");
  }

  private Result issue(String requestId) {
    return shim.serve(shim.creds(requestId)).result();
  }

  private Result revoke(Result issued) {
    return shim.serve(shim.onLease(Operation.OPERATION_REVOKE, issued, Instant.now())).result();
  }

  private void journal(Result issued) {
    var secret = issued.getResponse().getSecret();
    var internal = Json.read(secret.getInternalDataJson().toByteArray());
    var entry =
        Map.of(
            "version",
            1,
            "secret_type",
            secret.getSecretType(),
            "internal_data",
            internal,
            "issue_time",
            "2026-01-01T00:00:00Z",
            "journaled_time",
            "2026-01-01T00:00:01Z");
    storage.put("journal/" + internal.get("key"), Json.write(entry));
  }

  private List<String> records() {
    return storage.keys().stream().filter(key -> key.startsWith("clients/")).toList();
  }

  private String mark() {
    var mount = storage.text("mount").getBytes(StandardCharsets.UTF_8);
    return String.valueOf(Json.read(mount).get("mount_id"));
  }

  private Map<?, ?> queues() {
    return assertThat(read("status", Map.of()).get("queues"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .actual();
  }

  private Map<String, Object> read(String pathId, Map<String, String> captures) {
    var call = shim.call(Operation.OPERATION_READ, pathId).putAllCaptures(captures);
    var result = shim.serve(call).result();
    return result.hasResponse()
        ? Json.read(result.getResponse().getDataJson().toByteArray())
        : Map.of();
  }

  private static String clientId(Result issued) {
    return String.valueOf(
        Json.read(issued.getResponse().getDataJson().toByteArray()).get("client_id"));
  }

  /** Asks again until the session has done it, in its own task and time. */
  private static void eventually(String what, Callable<Boolean> question) throws Exception {
    long end = System.nanoTime() + 30_000_000_000L;
    while (System.nanoTime() - end < 0) {
      if (question.call()) {
        return;
      }
    }
    throw new AssertionError("not within half a minute: " + what);
  }
}
