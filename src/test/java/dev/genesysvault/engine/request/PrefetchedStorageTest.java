package dev.genesysvault.engine.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.InMemoryStorage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
            Map.of("a", Optional.of(bytes("came along")), "c", Optional.empty()),
            Map.of(),
            storage);

    var values = new ArrayList<Optional<String>>();
    var keys = List.of("c", "a", "b", "d", "a");
    while (values.size() < keys.size()) {
      var some = snapshot.getFirst(keys.subList(values.size(), keys.size()));
      some.forEach(value -> values.add(value.map(PrefetchedStorageTest::text)));
    }

    assertThat(values)
        .containsExactly(
            Optional.empty(),
            Optional.of("came along"),
            Optional.of("of storage"),
            Optional.empty(),
            Optional.of("came along"));
    assertThat(storage.operations()).containsExactly("get b", "get d");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
