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
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node is deposed while it ends a lease; the lease is revoked again at the next one. */
final class LostWritesOverTheContractTest {
  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final InMemoryStorage storage = new InMemoryStorage();
  private final Path socket;
  private final TestShim shim;
  private Sidecar sidecar;

  LostWritesOverTheContractTest(@TempDir Path folder) throws IOException {
    socket = folder.resolve("sidecar.sock");
    sidecar = Sidecar.start(settings(Duration.ofSeconds(1), Duration.ofMillis(1)));
    shim = new TestShim(socket, storage);
  }

  /** After the two of them, a client that Genesys does not show is gone. */
  private Settings settings(Duration longestRequest, Duration visibilityDelay) {
    return new Settings(
        socket,
        Optional.empty(),
        0.9,
        longestRequest,
        visibilityDelay,
        Duration.ofMillis(100),
        Duration.ofHours(1),
        Duration.ofMinutes(5),
        NetworkSettings.OF_JVM,
        Optional.empty(),
        MetricsSettings.SCRAPED);
  }

  @BeforeEach
  void configure() {
    shim.configure(simulator);
  }

  @AfterEach
  void close() throws IOException {
    shim.close();
    sidecar.close();
    simulator.close();
  }

  @Test
  void a_revoke_that_cannot_be_written_down_any_more_is_answered_with_503() throws Exception {
    var issued = shim.serve(shim.creds("request-1")).result();
    storage.failWhen(Kind.NOT_ACTIVE, op -> op.startsWith("delete clients/"));

    var result = revoke(issued);

    assertThat(result.getError().getKind()).isEqualTo(Error.Kind.KIND_CODED);
    assertThat(result.getError().getHttpStatus()).isEqualTo(503);
    assertThat(result.getError().getMessage())
        .contains("is not active any more", "told to fail delete clients/", "try again");
    assertThat(clients()).isEmpty();
    assertThat(states()).containsExactly("issued");
  }

  @ParameterizedTest
  @ValueSource(strings = {"put ", "delete ", "get ", "list "})
  void whatever_a_node_that_is_not_active_is_asked_is_answered_with_503(String failing) {
    storage.failWhen(Kind.NOT_ACTIVE, op -> op.startsWith(failing));

    var results =
        List.of(
            shim.write("config", Map.of(), SimulatedOrganization.config(simulator)),
            shim.serve(shim.creds("request-1")).result(),
            shim.serve(shim.call(Operation.OPERATION_LIST, "roles/list")).result(),
            shim.serve(
                    shim.call(Operation.OPERATION_DELETE, "roles/name").putCaptures("name", "demo"))
                .result());

    var refused = results.stream().filter(Result::hasError).map(Result::getError).toList();
    assertThat(refused).isNotEmpty();
    assertThat(refused).allMatch(error -> error.getHttpStatus() == 503);
  }

  /** The next leader's sidecar knows nothing of what the former one did. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_record_whose_end_was_not_written_down_ends_with_the_next_revoke(boolean shownAtOnce)
      throws Exception {
    var issued = shim.serve(shim.creds("request-1")).result();
    storage.failWhen(Kind.NOT_ACTIVE, op -> op.startsWith("delete clients/"));
    assertThat(revoke(issued).getError().getHttpStatus()).isEqualTo(503);
    storage.failWhen(Kind.NOT_ACTIVE, _ -> false);
    sidecar.close();
    sidecar =
        Sidecar.start(
            shownAtOnce
                ? settings(Duration.ofMillis(1), Duration.ofMillis(1))
                : settings(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    shim.attend().awaitFirstOp();

    assertThat(revoke(issued).hasNothing()).isTrue();

    assertThat(states()).isSubsetOf("retiring");
    eventuallyEmpty();
    assertThat(clients()).isEmpty();
  }

  private void eventuallyEmpty() throws Exception {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!states().isEmpty()) {
      assertThat(System.nanoTime()).as("time is up, and there is " + states()).isLessThan(end);
      Thread.sleep(Duration.ofMillis(10));
    }
  }

  private Result revoke(Result issued) {
    return shim.serve(shim.onLease(Operation.OPERATION_REVOKE, issued, Instant.now())).result();
  }

  private List<String> clients() throws Exception {
    var mount = Json.read(storage.text("mount").getBytes(StandardCharsets.UTF_8));
    return genesys.clientsMarked(String.valueOf(mount.get("mount_id")));
  }

  private List<String> states() {
    return storage.keys().stream()
        .filter(key -> key.startsWith("clients/"))
        .map(storage::text)
        .filter(text -> !text.isEmpty())
        .map(text -> Json.read(text.getBytes(StandardCharsets.UTF_8)).get("state"))
        .map(state -> String.valueOf(Objects.requireNonNull(state)))
        .toList();
  }
}
