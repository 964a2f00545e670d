package dev.genesysvault.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown of what was measured on one kind of storage. */
final class PerformanceTable {
  private final StringBuilder text = new StringBuilder();
  private final List<Row> references = new ArrayList<>();
  private final boolean baseline;

  /**
   * What was measured of one operation.
   *
   * @param reference the requests that it is compared with
   * @param figures of this build, and of the baseline where there is one
   */
  record Row(
      PerformanceOperation operation,
      int callers,
      PerformanceFigures reference,
      List<PerformanceFigures> figures) {}

  /** Begins one. */
  PerformanceTable(VaultServer.Storage storage, int genesysMillis, boolean baseline) {
    this.baseline = baseline;
    text.append(
        "%n### %s, Genesys at %d ms%n%n"
            .formatted(storage == VaultServer.Storage.RAFT ? "Raft" : "In memory", genesysMillis));
    line(
        "| operation | callers | beside | p50 | p95 | p99 | throughput"
            + " | Vault µs | plugin µs | sidecar µs | client and Genesys µs | storage operations |"
            + (baseline ? " p50 to baseline | throughput to baseline |" : ""));
    line("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|" + (baseline ? "--:|--:|" : ""));
  }

  void add(Row row) {
    var present = row.figures().getFirst();
    line(
        "| `%s` | %d | %s | %.2f | %.2f | %.2f | %.2f |%s%s"
            .formatted(
                row.operation().title(),
                row.callers(),
                row.operation().beside(),
                present.milliseconds(0.5) / row.reference().milliseconds(0.5),
                present.milliseconds(0.95) / row.reference().milliseconds(0.95),
                present.milliseconds(0.99) / row.reference().milliseconds(0.99),
                present.perSecond() / row.reference().perSecond(),
                cost(present.costOfOne()),
                baseline ? toBaseline(present, row.figures().getLast()) : ""));
    references.add(row);
  }

  private static String toBaseline(PerformanceFigures present, PerformanceFigures former) {
    return " %.2f | %.2f |"
        .formatted(
            present.milliseconds(0.5) / former.milliseconds(0.5),
            present.perSecond() / former.perSecond());
  }

  private static String cost(PerformanceCost cost) {
    return String.format(
        Locale.ROOT,
        " %.0f | %.0f | %.0f | %.0f | %.1f |",
        cost.vault(),
        cost.plugin(),
        cost.sidecar(),
        cost.client(),
        cost.storage());
  }

  /** Returns the whole, with what the ratios are ratios to. */
  String text() {
    var whole = new StringBuilder(text);
    whole.append("%nWhat these are ratios to, in this run on this machine:%n%n".formatted());
    for (var kind : references.stream().map(row -> row.operation().beside()).distinct().toList()) {
      for (int callers : references.stream().map(Row::callers).distinct().toList()) {
        var all = new PerformanceFigures();
        references.stream()
            .filter(row -> row.callers() == callers && row.operation().beside().equals(kind))
            .forEach(row -> all.addAll(row.reference()));
        whole.append(
            String.format(
                Locale.ROOT,
                "- %s, %d callers: p50 %.2f ms, %.0f/s, µs of Vault %.0f, of the client %.0f; %.1f storage operations%n",
                kind,
                callers,
                all.milliseconds(0.5),
                all.perSecond(),
                all.costOfOne().vault(),
                all.costOfOne().client(),
                all.costOfOne().storage()));
      }
    }
    return whole.toString();
  }

  private void line(String line) {
    text.append(line).append(System.lineSeparator());
  }
}
