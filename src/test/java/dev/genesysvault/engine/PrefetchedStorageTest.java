package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.InMemoryStorage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PrefetchedStorageTest {
  private final InMemoryStorage storage = new InMemoryStorage();

  @Test
  void asks_for_many_only_what_did_not_come_along() throws Exception {
    storage.put("a", bytes("of storage"));
    storage.put("b", bytes("of storage"));
    storage.forgetOperations();
    var snapshot =
        new PrefetchedStorage(
            Map.of("a", Optional.of(bytes("came along")), "c", Optional.empty()), storage);

    var values = snapshot.getAll(List.of("c", "b", "a", "d"));

    assertThat(values.stream().map(value -> value.map(PrefetchedStorageTest::text)))
        .containsExactly(
            Optional.empty(),
            Optional.of("of storage"),
            Optional.of("came along"),
            Optional.empty());
    assertThat(storage.operations()).containsExactly("get b", "get d");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
