package dev.genesysvault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.LauncherFlags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A heap that is truly full, in a process that has the launcher's flags. */
@Timeout(60)
final class FullHeapTest {
  private static final List<String> STEPS = List.of("client/1", "client/2", "search");

  @TempDir Path folder;

  /** Fills its heap, in three steps or in threads of others who catch whatever is thrown. */
  static final class Child {
    private static final Queue<byte[]> KEPT = new ConcurrentLinkedQueue<>();
    private static final CountDownLatch BEGUN = new CountDownLatch(STEPS.size());

    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      var trail =
          new StepTrail(
              new StepTrailFile(Path.of(arguments[0])).open(), new SystemTime(), new SystemLocks());
      var tasks = new VirtualThreadTasks();
      for (var name : STEPS) {
        var _ = tasks.start(name, () -> step(trail, name, arguments[1].equals("steps")));
      }
      BEGUN.await();
      for (int i = 0; i < 2 && arguments[1].equals("executors"); i++) {
        var _ = Executors.newSingleThreadExecutor().submit(Child::fill);
      }
      new CountDownLatch(1).await();
    }

    private static void step(StepTrail trail, String name, boolean fills) {
      try {
        trail.during(
            "mount-1",
            name,
            () -> {
              BEGUN.countDown();
              BEGUN.await();
              if (fills) {
                fill();
              }
              new CountDownLatch(1).await();
            });
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void fill() {
      while (true) {
        KEPT.add(new byte[100_000]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"steps", "executors"})
  void ends_the_process_whoever_meets_it_and_the_next_start_names_the_steps_under_way(String where)
      throws Exception {
    var socket = folder.resolve("sidecar.sock");
    var command = LauncherFlags.command(Child.class);
    command.addAll(List.of(socket.toString(), where));
    var child = new ProcessBuilder(command).redirectErrorStream(true).start();

    var told = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(told).isEqualTo(3);
    assertThat(told).contains("java.lang.OutOfMemoryError");
    var next = new StepTrail(new StepTrailFile(socket).open(), new SystemTime(), new SystemLocks());
    assertThat(next.suspects("mount-1"))
        .extracting(StepTrail.Suspect::step)
        .containsExactlyInAnyOrderElementsOf(STEPS);
  }
}
