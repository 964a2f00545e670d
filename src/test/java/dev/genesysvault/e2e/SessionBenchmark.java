package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a background session costs with many records: {@code mvn verify -Dit.test=SessionBenchmark
 * -DskipUnitTests}, with {@code -Drecords=1000} for fewer. Not a test: it prints, and fails only
 * where the session does not open.
 */
final class SessionBenchmark {
  private static final int RECORDS = Integer.getInteger("records", 10_000);
  private static final int CALLERS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  @Timeout(1_800)
  void opens_and_idles_and_drains(@TempDir Path folder) throws Exception {
    try (var stack = Stack.start(folder)) {
      stack.mountReady("genesys");
      issue(stack);
      print("after issuing %d".formatted(RECORDS), stack);

      open(
          stack,
          "new sidecar",
          () -> {
            stack.killSidecar();
            stack.startSidecar();
            stack.awaitSidecar();
          });
      print("after opening", stack);
      open(
          stack,
          "sidecar that is warm",
          () -> {
            stack.vault.killPlugins();
            Eventually.is(
                "a plugin is back",
                PATIENCE,
                () -> stack.http.get("genesys/config").status() == 200);
          });

      int before = stack.genesys.count();
      Thread.sleep(Duration.ofMinutes(1));
      System.out.printf("an idle minute: %d calls to Genesys%n", stack.genesys.count() - before);

      long begun = System.nanoTime();
      assertThat(stack.http.put("sys/leases/revoke-prefix/genesys", Map.of()).status())
          .isLessThan(300);
      Eventually.is("every client is gone", Duration.ofMinutes(15), () -> records(stack) == 0);
      System.out.printf(
          "revoking all: %.1f s until no record was left%n", (System.nanoTime() - begun) / 1e9);
      print("after revoking", stack);
    }
  }

  /** Something that closes the session. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private static void open(Stack stack, String how, Work reopen) throws Exception {
    reopen.run();
    long begun = System.nanoTime();
    var busy = busy(stack);
    Eventually.is(
        "every record is known",
        PATIENCE,
        () ->
            queues(stack).path("loaded").asBoolean()
                && queues(stack).path("issued").asInt() == RECORDS);
    double took = (System.nanoTime() - begun) / 1e9;
    var after = busy(stack);
    System.out.printf("opening with %d records, %s: %.1f s", RECORDS, how, took);
    busy.forEach((process, before) ->
        System.out.printf(
            "; %s %.1f s of CPU",
            process, after.getOrDefault(process, before).minus(before).toMillis() / 1000.0));
    System.out.println();
  }

  /** Returns how long each process has used a processor. */
  private static Map<String, Duration> busy(Stack stack) {
    var busy = new LinkedHashMap<String, Duration>();
    var sidecar = ProcessHandle.of(stack.sidecarPid()).orElseThrow();
    busy.put("sidecar", sidecar.info().totalCpuDuration().orElse(Duration.ZERO));
    int number = 0;
    for (var process : stack.vault.processes()) {
      var name = number++ == 0 ? "Vault" : "plugin " + (number - 1);
      busy.put(name, process.info().totalCpuDuration().orElse(Duration.ZERO));
    }
    return busy;
  }

  private static void issue(Stack stack) throws Exception {
    var failed = new AtomicInteger();
    try (var callers = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < RECORDS; i++) {
        callers.execute(() -> {
          try {
            if (stack.http.get("genesys/creds/demo").status() != 200) {
              failed.incrementAndGet();
            }
          } catch (Exception e) {
            failed.incrementAndGet();
          }
        });
      }
    }
    assertThat(failed).hasValue(0);
  }

  private static int records(Stack stack) throws Exception {
    var queues = queues(stack);
    return queues.path("issued").asInt()
        + queues.path("to_deactivate").asInt()
        + queues.path("to_delete").asInt()
        + queues.path("to_search").asInt();
  }

  private static JsonNode queues(Stack stack) throws Exception {
    return stack.http.get("genesys/status").body().path("data").path("queues");
  }

  private static void print(String when, Stack stack) throws Exception {
    var status = Files.readString(Path.of("/proc/" + stack.sidecarPid() + "/status"));
    var resident =
        status.lines().filter(line -> line.startsWith("VmRSS")).findFirst().orElse("VmRSS unknown");
    System.out.printf("sidecar %s: %s%n", when, resident.replaceAll("\\s+", " "));
  }
}
