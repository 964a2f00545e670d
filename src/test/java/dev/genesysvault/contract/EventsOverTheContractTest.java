package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.grpc.ScriptedSidecar;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.RecordedEvents.Event;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events on their way to Vault; a script sends them in place of the engine. */
final class EventsOverTheContractTest {
  private static final String OVERDUE = "genesys/static-role-overdue";
  private static final Map<String, String> DEMO =
      Map.of("role", "demo", "path", "static-roles/demo");

  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final ScriptedSidecar sidecar;
  private final TestShim shim;

  EventsOverTheContractTest(@TempDir Path folder) throws IOException {
    var socket = folder.resolve("sidecar.sock");
    sidecar =
        new ScriptedSidecar(
            socket,
            (storage, events) -> {
              storage.put("before", bytes("1"));
              try {
                events.send(OVERDUE, DEMO);
                storage.put("after", bytes("2"));
                end.complete("both done");
              } catch (StorageException e) {
                end.complete("storage is " + e.kind());
              } catch (InterruptedException e) {
                end.complete("interrupted");
                throw e;
              }
            });
    shim = new TestShim(socket, new InMemoryStorage());
  }

  @AfterEach
  void stop() {
    shim.close();
    sidecar.close();
  }

  @Test
  void one_of_a_request_arrives_with_type_and_metadata() {
    assertThat(shim.serve(status()).result().hasNothing()).isTrue();

    assertThat(shim.events.sent()).containsExactly(new Event(OVERDUE, DEMO));
    assertThat(shim.storage.keys()).containsExactly("after", "before");
  }

  @Test
  void one_of_the_background_session_arrives_with_type_and_metadata() {
    assertThat(shim.attend().end().getCode()).isEqualTo(Status.Code.ABORTED);

    assertThat(shim.events.sent()).containsExactly(new Event(OVERDUE, DEMO));
    assertThat(shim.storage.keys()).containsExactly("after", "before");
  }

  @Test
  void a_vault_without_event_bus_harms_nobody_and_is_a_line_for_debugging_alone() {
    shim.loseEvents();

    try (var logs = new CapturedLogs()) {
      assertThat(shim.serve(status()).result().hasNothing()).isTrue();
      assertThat(shim.attend().end().getCode()).isEqualTo(Status.Code.ABORTED);
      assertThat(logs.lines().stream().filter(line -> line.contains("take an event")))
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).startsWith("DEBUG ").contains("no event bus"));
    }
    assertThat(shim.events.sent()).isEmpty();
    assertThat(shim.storage.keys()).containsExactly("after", "before");
  }

  @Test
  void a_stream_that_breaks_ends_the_wait_and_nothing_else() throws Exception {
    shim.breakAtEvents();

    assertThat(shim.serve(status()).end().getCode()).isEqualTo(Status.Code.CANCELLED);

    // What any wait in a stream that has ended meets, and no failure of the event.
    assertThat(end.get(20, TimeUnit.SECONDS)).isIn("storage is CLOSED", "interrupted");
    assertThat(shim.storage.keys()).containsExactly("before");
  }

  private Call.Builder status() {
    return shim.call(Operation.OPERATION_READ, "status");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
