package dev.genesysvault.testing;

import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps what is reported, and refuses what no metric is or has other labels. */
public final class RecordedMeters implements Meters {
  private final Map<List<String>, Long> counts = new ConcurrentHashMap<>();
  private final Map<List<String>, List<Long>> amounts = new ConcurrentHashMap<>();

  @Override
  public void count(Metric metric, String... labels) {
    counts.merge(key(metric, Metric.Kind.COUNTER, labels), 1L, Long::sum);
  }

  /** Counts under the role as it came, and says beside that nobody vouched for it. */
  @Override
  public void countKnown(Metric metric, String... labels) {
    count(metric, labels);
    counts.merge(unproven(metric, labels), 1L, Long::sum);
  }

  private static List<String> unproven(Metric metric, String... labels) {
    var key = new ArrayList<>(List.of("unproven"));
    key.addAll(key(metric, Metric.Kind.COUNTER, labels));
    return key;
  }

  /** Returns how often it was counted with these labels, whose role may not exist. */
  public long unprovenCounted(Metric metric, String... labels) {
    return counts.getOrDefault(unproven(metric, labels), 0L);
  }

  @Override
  public void took(Metric metric, long nanos, String... labels) {
    add(key(metric, Metric.Kind.TIMER, labels), nanos);
  }

  @Override
  public void held(Metric metric, long amount, String... labels) {
    add(key(metric, Metric.Kind.SUMMARY, labels), amount);
  }

  private void add(List<String> key, long amount) {
    amounts.compute(
        key,
        (_, before) -> {
          var after = before == null ? new ArrayList<Long>() : new ArrayList<>(before);
          after.add(amount);
          return after;
        });
  }

  private static List<String> key(Metric metric, Metric.Kind kind, String... labels) {
    if (metric.kind() != kind || metric.labels().size() != labels.length) {
      throw new IllegalArgumentException(
          "%s is a %s of %s".formatted(metric, metric.kind(), metric.labels()));
    }
    var key = new ArrayList<>(List.of(labels));
    key.addFirst(metric.name());
    return List.copyOf(key);
  }

  /** Returns how often it was counted with these labels. */
  public long counted(Metric metric, String... labels) {
    return counts.getOrDefault(key(metric, metric.kind(), labels), 0L);
  }

  /** Returns the durations, in nanoseconds, or amounts that were reported with these labels. */
  public List<Long> reported(Metric metric, String... labels) {
    return amounts.getOrDefault(key(metric, metric.kind(), labels), List.of());
  }

  /** Returns every label that anything was reported with. */
  public Set<String> labels() {
    var all = new TreeSet<String>();
    counts.keySet().forEach(key -> all.addAll(key.subList(1, key.size())));
    amounts.keySet().forEach(key -> all.addAll(key.subList(1, key.size())));
    return all;
  }

  /** Returns what a source of gauges says now, by name and labels with blanks in between. */
  public static Map<String, Double> read(Gauges gauges) {
    var read = new LinkedHashMap<String, Double>();
    gauges.read(
        new Gauges.Readings() {
          @Override
          public void is(Metric metric, double value, String... labels) {
            read.put(String.join(" ", key(metric, Metric.Kind.GAUGE, labels)), value);
          }

          @Override
          public void begun(Metric metric, String... labels) {
            read.put("begun " + String.join(" ", key(metric, Metric.Kind.COUNTER, labels)), 0.0);
          }

          @Override
          public void present(String mount) {
            read.put("present " + mount, 1.0);
          }

          @Override
          public boolean rolesNamed() {
            return true;
          }
        });
    return read;
  }
}
