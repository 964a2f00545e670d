package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.testing.WatchedLocks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class KeyedLocksTest {
  @Test
  void one_holds_a_key_at_a_time() throws Exception {
    var watched = new WatchedLocks();
    var locks = new KeyedLocks<String>(watched);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = locks.lock("key");
      var second =
          executor.submit(() -> {
            try (var _ = locks.lock("key")) {
              order.add("second");
            }
            return true;
          });
      watched.awaitWaits(1);
      order.add("first");
      first.close();

      assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(order).containsExactly("first", "second");
  }

  @Test
  void other_keys_are_free() throws Exception {
    var solo = new SoloLocks(new FakeTime());
    var locks = new KeyedLocks<String>(solo);

    try (var _ = locks.lock("one");
        var _ = locks.lock("two")) {
      assertThat(solo.waits()).isEmpty();
    }
    try (var _ = locks.lock("one")) {
      assertThat(solo.waits()).isEmpty();
    }
  }

  @Test
  void an_interrupted_waiter_holds_nothing() throws Exception {
    var solo =
        new SoloLocks(new FakeTime())
            .meanwhile(() -> {
              throw new InterruptedException();
            });
    var locks = new KeyedLocks<String>(solo);
    try (var _ = locks.lock("key")) {
      assertThatThrownBy(() -> locks.lock("key")).isInstanceOf(InterruptedException.class);
    }

    try (var _ = locks.lock("key")) {
      assertThat(solo.waits()).hasSize(1);
    }
  }
}
