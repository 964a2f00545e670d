package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ParallelTest {
  private final Parallel parallel = new Parallel(new VirtualThreadTasks(), new SystemLocks());
  private final ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();

  @Test
  void does_it_with_every_item() throws Exception {
    var items = IntStream.range(0, 100).boxed().toList();

    parallel.forEach(items, 7, seen::add);

    assertThat(seen).containsExactlyInAnyOrderElementsOf(items);
  }

  @Test
  void the_first_failure_ends_those_that_would_never_end() {
    var working = new CountDownLatch(2);
    var bug = new IllegalStateException("told to");

    assertThatThrownBy(() ->
            parallel.forEach(
                List.of("waits", "waits", "fails"),
                3,
                item -> {
                  if (item.equals("fails")) {
                    await(working);
                    throw bug;
                  }
                  working.countDown();
                  waitForEver();
                }))
        .isSameAs(bug);

    assertThat(seen).containsExactly("interrupted", "interrupted");
  }

  @Test
  void an_error_is_a_failure_too_and_the_caller_meets_it() {
    for (var error : List.of(new NoClassDefFoundError("x"), new StackOverflowError())) {
      assertThatThrownBy(() ->
              parallel.forEach(
                  List.of(1, 2, 3),
                  1,
                  item -> {
                    seen.add(item);
                    if (item == 2) {
                      throw error;
                    }
                  }))
          .isSameAs(error);
    }

    assertThat(seen).containsExactly(1, 2, 1, 2);
  }

  @Test
  void an_error_ends_those_that_would_never_end() {
    var working = new CountDownLatch(1);
    var error = new AssertionError("told to");

    assertThatThrownBy(() ->
            parallel.forEach(
                List.of("waits", "fails"),
                2,
                item -> {
                  if (item.equals("fails")) {
                    await(working);
                    throw error;
                  }
                  working.countDown();
                  waitForEver();
                }))
        .isSameAs(error);

    assertThat(seen).containsExactly("interrupted");
  }

  @Test
  void a_failure_ends_what_has_not_begun() {
    assertThatThrownBy(() ->
            parallel.forEach(
                List.of("fails", "never"),
                1,
                item -> {
                  seen.add(item);
                  throw new IllegalStateException("told to");
                }))
        .hasMessage("told to");

    assertThat(seen).containsExactly("fails");
  }

  @Test
  void an_interruption_ends_them_all_and_is_not_lost() throws Exception {
    var working = new CountDownLatch(2);
    var caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                parallel.forEach(
                    List.of(1, 2),
                    2,
                    _ -> {
                      working.countDown();
                      waitForEver();
                    });
              } catch (InterruptedException _) {
                seen.add("caller");
              }
            });
    await(working);

    caller.interrupt();
    caller.join();

    assertThat(seen).containsExactly("interrupted", "interrupted", "caller");
  }

  @Test
  void an_interruption_while_a_failure_ends_the_others_is_not_lost() throws Exception {
    var ending = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                try {
                  parallel.forEach(
                      List.of("slow to end", "fails"),
                      2,
                      item -> {
                        if (item.equals("fails")) {
                          throw new IllegalStateException("told to");
                        }
                        try {
                          waitForEver();
                        } catch (InterruptedException _) {
                          ending.countDown();
                          await(released);
                        }
                      });
                } catch (IllegalStateException _) {
                  // As a session does that begins anew: an interruption that came last is there.
                  waitForEver();
                }
              } catch (InterruptedException _) {
                seen.add("caller");
              }
            });
    await(ending);

    caller.interrupt();
    released.countDown();
    caller.join();

    assertThat(seen).contains("caller");
  }

  private void waitForEver() throws InterruptedException {
    try {
      new CountDownLatch(1).await(1, TimeUnit.DAYS);
    } catch (InterruptedException e) {
      seen.add("interrupted");
      throw e;
    }
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
