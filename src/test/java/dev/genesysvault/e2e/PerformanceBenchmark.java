package dev.genesysvault.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What requests take and cost, beside requests to a KV engine of the same Vault, and beside another
 * build: {@code mvn verify -Dit.test=PerformanceBenchmark -DskipUnitTests}; {@code
 * docs/performance.md} has its properties. Not a test: it prints tables, and fails only where a
 * request does.
 */
final class PerformanceBenchmark {
  private static final PerformanceSettings SETTINGS = PerformanceSettings.ofProperties();
  private static final Path THIS_BUILD = Path.of("target").toAbsolutePath();
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration REFERENCE_ROUND = Duration.ofMillis(500);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final int WARMING_CALLERS = 8;

  /** So many for each caller, and none is without one in the first round. */
  private static final int LEASES_EACH = 25;

  @Test
  @Timeout(7_200)
  void requests_beside_kv(@TempDir Path folder) throws Exception {
    for (var storage : SETTINGS.storages()) {
      var stacks = new ArrayList<PerformanceStack>();
      try {
        stacks.add(
            PerformanceStack.start(THIS_BUILD, storage, inside(folder, storage + "-present")));
        if (SETTINGS.baseline().isPresent()) {
          stacks.add(
              PerformanceStack.start(
                  SETTINGS.baseline().get(), storage, inside(folder, storage + "-baseline")));
        }
        for (var stack : stacks) {
          warmUp(stack);
        }
        for (int millis : SETTINGS.genesysMillis()) {
          System.out.println(tableOf(storage, millis, stacks));
        }
      } finally {
        stacks.forEach(PerformanceStack::close);
      }
    }
  }

  private static Path inside(Path folder, String name) throws Exception {
    return Files.createDirectory(folder.resolve(name));
  }

  private static void warmUp(PerformanceStack stack) throws Exception {
    for (var operation : PerformanceOperation.values()) {
      for (var call : List.of(operation.request(stack), operation.reference(stack))) {
        var _ = PerformanceRound.of(WARMING_CALLERS, WARM_UP.dividedBy(2), call);
      }
      stack.settle();
    }
  }

  private static String tableOf(
      VaultServer.Storage storage, int millis, List<PerformanceStack> stacks) throws Exception {
    for (var stack : stacks) {
      stack.delayGenesys(Duration.ofMillis(millis));
    }
    var table = new PerformanceTable(storage, millis, stacks.size() > 1);
    for (int callers : SETTINGS.callers()) {
      for (var operation : SETTINGS.operations()) {
        table.add(measured(operation, callers, stacks));
      }
    }
    return table.text();
  }

  private static PerformanceTable.Row measured(
      PerformanceOperation operation, int callers, List<PerformanceStack> stacks) throws Exception {
    var reference = new PerformanceFigures();
    var figures = stacks.stream().map(_ -> new PerformanceFigures()).toList();
    var present = stacks.getFirst();
    for (var done = Duration.ZERO; done.compareTo(SETTINGS.length()) < 0; done = done.plus(ROUND)) {
      measure(reference, present, callers, REFERENCE_ROUND, operation.reference(present));
      for (int i = 0; i < stacks.size(); i++) {
        var stack = stacks.get(i);
        while (operation.takesLeases() && stack.leases() < LEASES_EACH * callers) {
          var _ = PerformanceRound.of(callers, REFERENCE_ROUND, stack::issue);
        }
        measure(figures.get(i), stack, callers, ROUND, operation.request(stack));
      }
    }
    return new PerformanceTable.Row(operation, callers, reference, figures);
  }

  private static void measure(
      PerformanceFigures figures,
      PerformanceStack stack,
      int callers,
      Duration length,
      PerformanceRound.Call call)
      throws Exception {
    var before = stack.spent();
    var round = PerformanceRound.of(callers, length, call);
    // What is done behind the answers is part of what they cost.
    stack.settle();
    figures.add(round, stack.spent().minus(before));
  }
}
