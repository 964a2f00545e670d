package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.testing.WatchedLocks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
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

  /** A task of its own that wants a lock, and says when it has it. */
  private static Callable<Boolean> wants(
      List<String> order, String name, Callable<KeyedLocks.Held> lock) {
    return () -> {
      try (var _ = lock.call()) {
        order.add(name);
      }
      return true;
    };
  }

  @Test
  void any_number_share_a_key() throws Exception {
    var solo = new SoloLocks(new FakeTime());
    var locks = new KeyedLocks<String>(solo);

    try (var _ = locks.share("key");
        var _ = locks.share("key")) {
      assertThat(solo.waits()).isEmpty();
    }
    try (var _ = locks.lock("key")) {
      assertThat(solo.waits()).isEmpty();
    }
  }

  @Test
  void who_holds_it_alone_waits_for_all_who_share_it() throws Exception {
    var watched = new WatchedLocks();
    var locks = new KeyedLocks<String>(watched);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = locks.share("key");
      var second = locks.share("key");
      var alone = executor.submit(wants(order, "alone", () -> locks.lock("key")));
      watched.awaitWaits(1);
      first.close();
      watched.awaitWaits(1);
      order.add("second");
      second.close();

      assertThat(alone.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(order).containsExactly("second", "alone");
  }

  @Test
  void who_shares_a_key_waits_for_who_holds_it_alone() throws Exception {
    var watched = new WatchedLocks();
    var locks = new KeyedLocks<String>(watched);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var alone = locks.lock("key");
      var shares =
          List.of(
              executor.submit(wants(order, "shared", () -> locks.share("key"))),
              executor.submit(wants(order, "shared", () -> locks.share("key"))));
      watched.awaitWaits(2);
      order.add("alone");
      alone.close();

      for (var share : shares) {
        assertThat(share.get(30, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(order).containsExactly("alone", "shared", "shared");
  }

  @Test
  void a_stream_of_those_who_share_a_key_starves_nobody() throws Exception {
    var watched = new WatchedLocks();
    var locks = new KeyedLocks<String>(watched);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var early = locks.share("key");
      var alone = executor.submit(wants(order, "alone", () -> locks.lock("key")));
      watched.awaitWaits(1);
      var late = executor.submit(wants(order, "late", () -> locks.share("key")));
      watched.awaitWaits(1);
      early.close();

      assertThat(alone.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(late.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(order).containsExactly("alone", "late");
  }

  @Test
  void who_gives_up_waiting_lets_the_next_in() throws Exception {
    var watched = new WatchedLocks();
    var locks = new KeyedLocks<String>(watched);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      try (var _ = locks.share("key")) {
        var alone = executor.submit(wants(order, "alone", () -> locks.lock("key")));
        watched.awaitWaits(1);
        var late = executor.submit(wants(order, "late", () -> locks.share("key")));
        watched.awaitWaits(1);
        alone.cancel(true);

        assertThat(late.get(30, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(order).containsExactly("late");
  }
}
