package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.testing.CapturedLogs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LastWordsTest {
  /** A process of which one task runs out of memory while the others would go on for ever. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      var _ =
          new VirtualThreadTasks()
              .start(
                  "step of a test",
                  () -> {
                    throw new OutOfMemoryError("Cannot reserve direct buffer memory");
                  });
      new CountDownLatch(1).await();
    }
  }

  @Test
  void a_bug_that_ends_a_task_is_told() throws Exception {
    try (var logs = new CapturedLogs()) {
      var thread =
          Thread.ofVirtual()
              .name("a task")
              .uncaughtExceptionHandler(new LastWords())
              .start(() -> {
                throw new NoClassDefFoundError("x");
              });
      thread.join();

      assertThat(logs.lines(Level.ERROR))
          .singleElement()
          .asString()
          .contains("a task died of a bug", "task=\"a task\"", "NoClassDefFoundError");
    }
  }

  @Test
  void running_out_of_memory_ends_the_process_after_a_line_that_names_the_task() throws Exception {
    var child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .start();

    var told = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).isEqualTo(3);
    assertThat(told)
        .isEqualTo(
            "genesys-sidecar: out of memory or broken in the task step of a test; the process ends\n");
  }
}
