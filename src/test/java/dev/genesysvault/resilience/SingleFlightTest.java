package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.testing.WatchedLocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SingleFlightTest {
  private final FakeTime time = new FakeTime();
  private final WatchedLocks locks = new WatchedLocks();
  private final SingleFlight<String, Integer> flights = new SingleFlight<>(locks);
  private final AtomicInteger runs = new AtomicInteger();

  private Deadline soon() {
    return Deadline.in(Duration.ofMinutes(1), time);
  }

  @Test
  void one_works_for_all_who_come_meanwhile() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<Optional<Integer>>>();
      for (int i = 0; i < 10; i++) {
        results.add(
            executor.submit(() ->
                flights.join(
                    "key",
                    soon(),
                    () -> {
                      locks.awaitWaits(9);
                      return runs.incrementAndGet();
                    })));
      }
      for (var result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS)).contains(1);
      }
    }
  }

  @Test
  void who_comes_after_the_landing_works_anew() throws Exception {
    assertThat(flights.join("key", soon(), runs::incrementAndGet)).contains(1);
    assertThat(flights.join("key", soon(), runs::incrementAndGet)).contains(2);
  }

  @Test
  void keys_do_not_wait_for_each_other() throws Exception {
    var result =
        flights.join(
            "outer",
            soon(),
            () -> 10 + flights.join("inner", soon(), runs::incrementAndGet).orElseThrow());

    assertThat(result).contains(11);
  }

  @Test
  void a_flight_that_throws_leaves_the_work_to_the_next_who_waits() throws Exception {
    var flying = new CountDownLatch(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          executor.submit(() ->
              flights.join(
                  "key",
                  soon(),
                  () -> {
                    flying.countDown();
                    locks.awaitWaits(1);
                    throw new IllegalStateException("told to");
                  }));
      assertThat(flying.await(30, TimeUnit.SECONDS)).isTrue();
      var second = executor.submit(() -> flights.join("key", soon(), runs::incrementAndGet));

      assertThat(second.get(30, TimeUnit.SECONDS)).contains(1);
      assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("told to");
    }
  }

  @Test
  void who_waits_gives_up_at_its_deadline() throws Exception {
    var solo = new SingleFlight<String, Integer>(new SoloLocks(time));
    var seen = new ArrayList<Optional<Integer>>();

    solo.join(
        "key",
        soon(),
        () -> {
          seen.add(solo.join("key", Deadline.in(Duration.ofSeconds(3), time), () -> 99));
          return 1;
        });

    assertThat(seen).containsExactly(Optional.empty());
    assertThat(time.nanos() - new FakeTime().nanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void an_interrupted_waiter_leaves_the_flight_alone() throws Exception {
    var solo =
        new SingleFlight<String, Integer>(
            new SoloLocks(time)
                .meanwhile(() -> {
                  throw new InterruptedException();
                }));

    var result =
        solo.join(
            "key",
            soon(),
            () -> {
              assertThatThrownBy(() -> solo.join("key", soon(), () -> 99))
                  .isInstanceOf(InterruptedException.class);
              return 1;
            });

    assertThat(result).contains(1);
  }
}
