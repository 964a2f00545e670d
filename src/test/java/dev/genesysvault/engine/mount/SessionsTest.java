package dev.genesysvault.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session whose work dies is told, shown as not working, and begun again. */
@Timeout(30)
final class SessionsTest {
  private static final String MOUNT = "mount-1";

  private final FakeTime time = new FakeTime();
  private final List<Sessions.Health> whileItWaits = new ArrayList<>();
  private final CountDownLatch begunWell = new CountDownLatch(1);
  private int runs;
  private final Sessions sessions =
      new Sessions(
          new Doors(
              new Watching(),
              new VirtualThreadTasks(),
              new SystemLocks(),
              new SeededRandomness(),
              StepTrail.inMemory(new FakeTime(), new SystemLocks())));

  /** A clock that looks at the session whenever that waits. */
  private final class Watching implements Time {
    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public long nanos() {
      return time.nanos();
    }

    @Override
    public void sleep(Duration wait) {
      whileItWaits.add(sessions.health(MOUNT));
      time.sleep(wait);
    }
  }

  @Test
  void whatever_its_work_dies_of_it_is_begun_again_after_waits_that_grow() throws Exception {
    var deaths =
        List.of(
            new NoClassDefFoundError("x"),
            new StackOverflowError(),
            new AssertionError("told to"),
            new IllegalStateException("told to"));

    try (var logs = new CapturedLogs()) {
      attend(() -> {
        if (runs++ < 12) {
          throw thrown(deaths.get(runs % deaths.size()));
        }
        begunWell.countDown();
        new CountDownLatch(1).await();
      });

      assertThat(logs.lines(Level.ERROR)).hasSizeGreaterThanOrEqualTo(deaths.size());
    }
    assertThat(time.sleeps()).hasSize(12).isSorted();
    assertThat(time.sleeps().getFirst()).isEqualTo(Duration.ofSeconds(5));
    assertThat(time.sleeps().getLast()).isEqualTo(Duration.ofSeconds(150));
  }

  @Test
  void while_it_waits_it_is_shown_as_one_that_does_not_work() throws Exception {
    attend(() -> {
      if (runs++ < 2) {
        throw new NoClassDefFoundError("x");
      }
      begunWell.countDown();
      new CountDownLatch(1).await();
    });

    assertThat(whileItWaits).noneMatch(Sessions.Health::works);
    assertThat(whileItWaits.get(1).trouble())
        .isEqualTo(
            "internal error in the sidecar (NoClassDefFoundError), 2 in a row: see its log; it begins anew at 2026-01-01T00:00:15Z");
  }

  @Test
  void what_it_died_of_is_shown_until_it_has_worked_for_a_while() throws Exception {
    var seen = new ArrayList<Sessions.Health>();
    attend(() -> {
      if (runs++ < 1) {
        throw new NoClassDefFoundError("x");
      }
      seen.add(sessions.health(MOUNT));
      time.advance(Duration.ofMinutes(6));
      seen.add(sessions.health(MOUNT));
      begunWell.countDown();
      new CountDownLatch(1).await();
    });

    assertThat(seen.getFirst().works()).isTrue();
    assertThat(seen.getFirst().trouble()).contains("NoClassDefFoundError");
    assertThat(seen.getLast()).isEqualTo(new Sessions.Health(true, ""));
  }

  @Test
  void one_that_is_not_open_does_not_work() {
    assertThat(sessions.health(MOUNT)).isEqualTo(new Sessions.Health(false, ""));
  }

  private void attend(Sessions.Work work) throws InterruptedException {
    var stream =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = sessions.attend(MOUNT, work);
              } catch (InterruptedException _) {
                // The test is over.
              }
            });
    begunWell.await();
    stream.interrupt();
    stream.join();
  }

  private static RuntimeException thrown(Throwable death) {
    if (death instanceof Error error) {
      throw error;
    }
    return (RuntimeException) death;
  }
}
