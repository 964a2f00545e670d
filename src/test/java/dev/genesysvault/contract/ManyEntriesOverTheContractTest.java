package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.grpc.ScriptedSidecar;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.InMemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many entries of Vault's storage read at once; a script reads them in place of the engine. */
final class ManyEntriesOverTheContractTest {
  /** Every third of them has no entry. */
  private static final List<String> KEYS =
      IntStream.range(0, 150).mapToObj("key-%03d"::formatted).toList();

  private final List<String> read = new CopyOnWriteArrayList<>();
  private final ScriptedSidecar sidecar;
  private final TestShim shim;

  ManyEntriesOverTheContractTest(@TempDir Path folder) throws IOException {
    var socket = folder.resolve("sidecar.sock");
    sidecar =
        new ScriptedSidecar(
            socket,
            (storage, events) -> {
              try {
                events.send("genesys/opened", Map.of());
                while (read.size() < KEYS.size()) {
                  storage
                      .getFirst(KEYS.subList(read.size(), KEYS.size()))
                      .forEach(value ->
                          read.add(
                              value.map(ManyEntriesOverTheContractTest::text).orElse("nothing")));
                }
              } catch (StorageException e) {
                read.add(e.kind() + " " + e.getMessage());
              }
            });
    shim = new TestShim(socket, new InMemoryStorage());
    for (int i = 0; i < KEYS.size(); i++) {
      if (i % 3 != 0) {
        shim.storage.put(KEYS.get(i), KEYS.get(i).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @AfterEach
  void stop() {
    shim.close();
    sidecar.close();
  }

  @Test
  void come_in_the_order_of_their_keys_and_in_few_round_trips() {
    serve();

    assertThat(read).isEqualTo(expected());
    assertThat(shim.ops).containsExactly("1 SEND_EVENT", "2 GET_MANY", "3 GET_MANY", "4 GET_MANY");
  }

  @Test
  void are_asked_for_again_where_they_did_not_fit() {
    shim.answerAtATime(50);

    serve();

    assertThat(read).isEqualTo(expected());
    assertThat(shim.ops).hasSize(4);
  }

  @Test
  void are_a_failure_where_the_plugin_answers_none() {
    shim.answerAtATime(0);

    serve();

    assertThat(read).containsExactly("OTHER the plugin's answer does not fit a get_many");
  }

  @Test
  void are_a_failure_where_one_cannot_be_read() {
    shim.storage.failWhen(StorageException.Kind.OTHER, "get key-100"::equals);

    serve();

    assertThat(read.getLast()).isEqualTo("OTHER told to fail get key-100");
  }

  private void serve() {
    assertThat(shim.serve(shim.call(Operation.OPERATION_READ, "status")).result().hasNothing())
        .isTrue();
  }

  private static List<String> expected() {
    return IntStream.range(0, KEYS.size())
        .mapToObj(i -> i % 3 == 0 ? "nothing" : KEYS.get(i))
        .toList();
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
