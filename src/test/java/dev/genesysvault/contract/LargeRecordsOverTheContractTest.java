package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What storage holds from before there were limits, and what is as large as they allow: 64 MB do.
 */
@Tag("slow")
final class LargeRecordsOverTheContractTest {
  private static final int CREDENTIALS = Integer.getInteger("large.credentials", 24);
  private static final int USUAL = Integer.getInteger("large.usual", 3_000);
  private static final int LARGEST = Integer.getInteger("large.largest", 100);

  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final InMemoryStorage storage = new InMemoryStorage();
  private final SidecarProcess sidecar;
  private final TestShim shim;

  LargeRecordsOverTheContractTest(@TempDir Path folder) throws Exception {
    sidecar = new SidecarProcess(folder);
    shim = new TestShim(sidecar.socket(), storage);
  }

  @BeforeEach
  void configure() throws Exception {
    assertThat(shim.write("config", Map.of(), SimulatedOrganization.config(simulator)).hasNothing())
        .isTrue();
    assertThat(writeRole(Map.of()).hasNothing()).isTrue();
  }

  @AfterEach
  void stop() throws IOException {
    shim.close();
    sidecar.close();
    simulator.close();
  }

  @Test
  void clients_of_a_role_with_900_kB_of_properties_are_issued_found_again_and_ended()
      throws Exception {
    replaceInRole("client_properties", Map.of("note", "x".repeat(900_000)));
    var session = shim.attend();
    session.awaitFirstOp();
    var issued = new ArrayList<Result>();
    for (int i = 0; i < CREDENTIALS; i++) {
      issued.add(shim.serve(shim.creds("request-" + i)).result());
    }
    assertThat(issued).allMatch(Result::hasResponse);

    sidecar.restart();
    shim.attend();
    eventually("every record is known", () -> known() == CREDENTIALS);

    genesys.goDown();
    for (var lease : issued) {
      assertThat(
              shim.serve(shim.onLease(Operation.OPERATION_REVOKE, lease, Instant.now()))
                  .result()
                  .hasNothing())
          .isTrue();
    }
    genesys.clearFaults();
    eventually("no record is left", () -> storage.list("clients/").isEmpty());
    assertThat(sidecar.alive()).isTrue();
  }

  @Test
  void a_role_of_4_MB_is_read_used_mended_and_deleted() throws Exception {
    replaceInRole("metadata", Map.of("note", "x".repeat(3_900_000)));

    var read = shim.serve(call(Operation.OPERATION_READ, "roles/name")).result();
    assertThat(read.getResponse().getDataJson().size()).isGreaterThan(3_900_000);
    for (int i = 0; i < 3; i++) {
      assertThat(shim.serve(shim.creds("request-" + i)).result().hasResponse()).isTrue();
    }
    assertThat(writeRole(Map.of("metadata", Map.of("note", "short"))).hasNothing()).isTrue();
    assertThat(storage.text("roles/demo")).hasSizeLessThan(2_000);
    replaceInRole("metadata", Map.of("note", "x".repeat(3_900_000)));
    assertThat(shim.serve(call(Operation.OPERATION_DELETE, "roles/name")).result().hasError())
        .isFalse();
    assertThat(storage.keys()).doesNotContain("roles/demo");
  }

  @Test
  void many_records_of_usual_size_and_some_of_the_largest_are_known_at_once() throws Exception {
    assertThat(shim.serve(shim.creds("request-1")).result().hasResponse()).isTrue();
    var key = storage.list("clients/").getFirst();
    var record = storage.text("clients/" + key);
    for (int i = 0; i < USUAL; i++) {
      putRecord("%024x".formatted(i), record, "");
    }
    for (int i = 0; i < LARGEST; i++) {
      putRecord("f%023x".formatted(i), record, "x".repeat(180_000));
    }

    shim.attend();
    eventually("every record is known", () -> known() == USUAL + LARGEST + 1);

    var list = shim.serve(call(Operation.OPERATION_LIST, "clients/list")).result();
    var data = Json.read(list.getResponse().getDataJson().toByteArray());
    assertThat((List<?>) data.get("keys")).hasSize(USUAL + LARGEST + 1);
    assertThat((Map<?, ?>) data.get("key_info")).hasSize(Math.min(3_000, USUAL + LARGEST + 1));
    assertThat(sidecar.alive()).isTrue();
  }

  @Test
  void an_entry_that_cannot_be_read_is_told_and_the_others_are_known() throws Exception {
    assertThat(shim.serve(shim.creds("request-1")).result().hasResponse()).isTrue();
    storage.put("clients/00abc", new byte[5 << 20]);

    shim.attend();
    eventually("the other record is known", () -> known() == 1);
    assertThat(Files.readString(sidecar.log())).contains("00abc");
    assertThat(sidecar.alive()).isTrue();
  }

  @Test
  void names_come_page_by_page() {
    for (int i = 0; i < 95; i++) {
      storage.put("roles/role-%02d".formatted(i), new byte[] {'{', '}'});
    }
    shim.listAtATime(10);

    var list = shim.serve(call(Operation.OPERATION_LIST, "roles/list")).result();

    var data = Json.read(list.getResponse().getDataJson().toByteArray());
    assertThat((List<?>) data.get("keys")).hasSize(96);
  }

  @Test
  void a_frame_of_9_MiB_fails_its_request_and_nothing_else() throws Exception {
    for (int i = 0; i < 20; i++) {
      var huge =
          call(Operation.OPERATION_UPDATE, "roles/name")
              .setFieldsJson(ByteString.copyFrom(new byte[9 << 20]));
      assertThatThrownBy(() -> shim.serve(huge).result())
          .isInstanceOf(StatusRuntimeException.class);
    }

    assertThat(shim.serve(call(Operation.OPERATION_READ, "roles/name")).result().hasResponse())
        .isTrue();
    assertThat(sidecar.alive()).isTrue();
  }

  private Call.Builder call(Operation operation, String path) {
    return shim.call(operation, path).putCaptures("name", "demo");
  }

  private Result writeRole(Map<String, Object> more) {
    var fields =
        new LinkedHashMap<String, Object>(
            Map.of("role_divisions", List.of(SimulatedOrganization.HELD_PAIR)));
    fields.putAll(more);
    return shim.write("roles/name", Map.of("name", "demo"), fields);
  }

  /** Puts into the stored role what no write of this version takes. */
  private void replaceInRole(String member, Object value) {
    var role = Json.read(storage.text("roles/demo").getBytes(StandardCharsets.UTF_8));
    role.put(member, value);
    storage.put("roles/demo", Json.write(role));
  }

  private void putRecord(String key, String record, String note) {
    var members = Json.read(record.getBytes(StandardCharsets.UTF_8));
    members.put("a_later_member", note);
    storage.put("clients/" + key, Json.write(members));
  }

  /** Returns how many clients the background session knows. */
  private int known() {
    var status =
        Json.read(
            shim.serve(shim.call(Operation.OPERATION_READ, "status"))
                .result()
                .getResponse()
                .getDataJson()
                .toByteArray());
    var queues = (Map<?, ?>) status.get("queues");
    return queues != null && Boolean.TRUE.equals(queues.get("loaded"))
        ? List.of("creating", "issued", "stuck", "to_deactivate", "to_delete", "to_search").stream()
            .mapToInt(state -> queues.get(state) instanceof Integer count ? count : 0)
            .sum()
        : -1;
  }

  private void eventually(String what, Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 1_200; i++) {
      assertThat(sidecar.alive()).as("the sidecar lives; %s", sidecar.log()).isTrue();
      if (condition.call()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("not so: " + what + "; " + Files.readString(sidecar.log()));
  }
}
