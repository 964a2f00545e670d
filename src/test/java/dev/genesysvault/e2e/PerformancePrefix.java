package dev.genesysvault.e2e;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** How fast leases are revoked by prefix, in rounds that alternate with writes to KV. */
final class PerformancePrefix {
  private static final int ROUNDS = 4;
  private static final int CALLERS = 16;
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);
  private static final Duration REFERENCE_ROUND = Duration.ofSeconds(1);

  private final int leases;
  private final PerformanceStacks stacks;

  /** Measures with so many leases at a time. */
  PerformancePrefix(int leases, PerformanceStacks stacks) {
    this.leases = leases;
    this.stacks = stacks;
  }

  /** Returns a table in Markdown. */
  String table(VaultServer.Storage storage) throws Exception {
    boolean baseline = stacks.all().size() > 1;
    var text =
        new StringBuilder(
            "%n### Revoke by prefix, %d leases, %s%n%n"
                .formatted(leases, storage == VaultServer.Storage.RAFT ? "raft" : "in memory"));
    text.append(
        "| `sync` | leases/s to KV v2 writes/s of one caller | leases/s | Vault µs | plugin µs | sidecar µs | storage operations |%s%n|---|--:|--:|--:|--:|--:|--:|%s%n"
            .formatted(baseline ? " leases/s to baseline |" : "", baseline ? "--:|" : ""));
    for (boolean queued : new boolean[] {false, true}) {
      var reference = new PerformanceFigures();
      var present = stacks.present();
      var figures = stacks.all().stream().map(_ -> new PerformanceFigures()).toList();
      for (int round = 0; round < ROUNDS; round++) {
        reference.measure(present, 1, REFERENCE_ROUND, present::kvWrite);
        for (int i = 0; i < figures.size(); i++) {
          revoke(stacks.all().get(i), queued, figures.get(i));
        }
      }
      text.append(row(queued, reference, figures));
    }
    return text.toString();
  }

  private void revoke(PerformanceStack stack, boolean queued, PerformanceFigures figures)
      throws Exception {
    int count = Math.max(1, leases / ROUNDS);
    var left = new AtomicInteger(count);
    var _ =
        PerformanceRound.of(
            CALLERS, LONG_ENOUGH, () -> left.getAndDecrement() > 0 && stack.issueApart());
    var elapsed = new long[1];
    var cost =
        stack.costOf(() -> {
          long begun = System.nanoTime();
          stack.revokeApart(queued);
          elapsed[0] = System.nanoTime() - begun;
          stack.settle();
        });
    var each = LongStream.generate(() -> elapsed[0] / count).limit(count).boxed().toList();
    figures.add(new PerformanceRound(each, elapsed[0]), cost);
  }

  private static String row(
      boolean queued, PerformanceFigures reference, List<PerformanceFigures> figures) {
    var present = figures.getFirst();
    var cost = present.costOfOne();
    var row =
        String.format(
            Locale.ROOT,
            "| %s | %.2f | %.0f | %.0f | %.0f | %.0f | %.1f |",
            !queued,
            present.perSecond() / reference.perSecond(),
            present.perSecond(),
            cost.vault(),
            cost.plugin(),
            cost.sidecar(),
            cost.storage());
    return row
        + (figures.size() == 1
            ? ""
            : String.format(
                Locale.ROOT, " %.2f |", present.perSecond() / figures.getLast().perSecond()))
        + System.lineSeparator();
  }
}
