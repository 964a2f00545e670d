package dev.genesysvault.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What requests take and cost, beside requests to a KV engine of the same Vault, and beside another
 * build: {@code mvn verify -Dit.test=PerformanceBenchmark -DskipUnitTests}; {@code
 * docs/performance.md} has its properties. Not a test: it prints tables, and fails only where a
 * request does.
 */
@TestMethodOrder(MethodOrderer.MethodName.class)
final class PerformanceBenchmark {
  private static final PerformanceSettings SETTINGS = PerformanceSettings.ofProperties();
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration REFERENCE_ROUND = Duration.ofMillis(500);
  private static final Duration WARM_UP = Duration.ofMillis(2_500);
  private static final int WARMING_CALLERS = 8;

  /** So many for each caller, and none is without one in the first round. */
  private static final int LEASES_EACH = 25;

  @Test
  @Timeout(7_200)
  void requests_beside_kv(@TempDir Path folder) throws Exception {
    for (var storage : SETTINGS.storages()) {
      try (var stacks = PerformanceStacks.start(SETTINGS, storage, folder)) {
        for (var stack : stacks.all()) {
          warmUp(stack);
        }
        for (int millis : SETTINGS.genesysMillis()) {
          System.out.println(tableOf(storage, millis, stacks));
        }
        System.out.println(revokedByPrefix(storage, stacks));
      }
    }
  }

  @Test
  @Timeout(7_200)
  void starts_and_memory(@TempDir Path folder) throws Exception {
    if (SETTINGS.starts() > 0) {
      try (var stacks = PerformanceStacks.start(SETTINGS, VaultServer.Storage.INMEM, folder)) {
        System.out.println(new PerformanceStarts(SETTINGS, stacks).table());
      }
    }
  }

  private static void warmUp(PerformanceStack stack) throws Exception {
    for (var operation : SETTINGS.operations()) {
      for (var call : List.of(operation.request(stack), operation.reference(stack))) {
        var _ = PerformanceRound.of(WARMING_CALLERS, WARM_UP, call);
      }
      stack.settle();
    }
  }

  private static String tableOf(VaultServer.Storage storage, int millis, PerformanceStacks stacks)
      throws Exception {
    for (var stack : stacks.all()) {
      stack.delayGenesys(Duration.ofMillis(millis));
    }
    var table = new PerformanceTable(storage, millis, stacks.all().size() > 1);
    for (int callers : SETTINGS.callers()) {
      for (var operation : SETTINGS.operations()) {
        table.add(measured(operation, callers, stacks));
      }
    }
    return table.text();
  }

  private static PerformanceTable.Row measured(
      PerformanceOperation operation, int callers, PerformanceStacks stacks) throws Exception {
    var reference = new PerformanceFigures();
    var figures = stacks.all().stream().map(_ -> new PerformanceFigures()).toList();
    var present = stacks.present();
    for (var done = Duration.ZERO; done.compareTo(SETTINGS.length()) < 0; done = done.plus(ROUND)) {
      reference.measure(present, callers, REFERENCE_ROUND, operation.reference(present));
      for (int i = 0; i < figures.size(); i++) {
        var stack = stacks.all().get(i);
        while (operation.takesLeases() && stack.leases() < LEASES_EACH * callers) {
          var _ = PerformanceRound.of(callers, REFERENCE_ROUND, stack::issue);
        }
        if (operation == PerformanceOperation.REVOKE) {
          figures.get(i).measureRevokes(stack, callers, ROUND);
        } else {
          figures.get(i).measure(stack, callers, ROUND, operation.request(stack));
        }
      }
    }
    return new PerformanceTable.Row(operation, callers, reference, figures);
  }

  private static String revokedByPrefix(VaultServer.Storage storage, PerformanceStacks stacks)
      throws Exception {
    if (SETTINGS.prefixLeases() == 0) {
      return "";
    }
    for (var stack : stacks.all()) {
      stack.delayGenesys(Duration.ZERO);
    }
    return new PerformancePrefix(SETTINGS.prefixLeases(), stacks).table(storage);
  }
}
