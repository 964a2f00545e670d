package dev.genesysvault.observe;

import dev.genesysvault.metrics.Label;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.Metric.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times in a registry of Micrometer. What was met before costs a look into a table; what
 * is new is bounded first.
 */
final class MicrometerMeters implements Meters {
  /** From a reply out of memory to the longest request of Vault. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofSeconds(90)
  };

  private final MeterRegistry registry;
  private final LabelBounds bounds;
  private final boolean rolesNamed;
  private final Map<Key, Meter> known = new ConcurrentHashMap<>();

  /**
   * Makes one that has counted nothing.
   *
   * @param rolesNamed whether metrics are reported that name roles
   */
  MicrometerMeters(MeterRegistry registry, LabelBounds bounds, boolean rolesNamed) {
    this.registry = registry;
    this.bounds = bounds;
    this.rolesNamed = rolesNamed;
  }

  /**
   * One metric with the values of its labels. No record: what those make of their hash is slow
   * where the JVM does not optimize, and this is asked for with each report.
   */
  private static final class Key {
    private final Metric metric;
    private final String[] values;
    private final int hash;

    Key(Metric metric, String[] values) {
      this.metric = metric;
      this.values = values;
      this.hash = 31 * metric.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && metric == key.metric && Arrays.equals(values, key.values);
    }
  }

  @Override
  public void count(Metric metric, String... labels) {
    if (of(metric, Kind.COUNTER, labels, this::counter) instanceof Counter counter) {
      counter.increment();
    }
  }

  @Override
  public void took(Metric metric, long nanos, String... labels) {
    if (of(metric, Kind.TIMER, labels, this::timer) instanceof Timer timer) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void held(Metric metric, long amount, String... labels) {
    if (of(metric, Kind.SUMMARY, labels, this::summary) instanceof DistributionSummary summary) {
      summary.record((double) amount);
    }
  }

  private Object of(
      Metric metric, Kind kind, String[] labels, BiFunction<Metric, Tags, Meter> make) {
    if (metric.kind() != kind) {
      throw new IllegalArgumentException("%s is no %s".formatted(metric, kind));
    }
    if (metric.namesRoles() && !rolesNamed) {
      return this;
    }
    var meter = known.get(new Key(metric, labels));
    if (meter != null) {
      return meter;
    }
    var series = new Series(metric, bounds.bounded(metric, List.of(labels)));
    var key = new Key(metric, series.values().toArray(String[]::new));
    return known.computeIfAbsent(key, _ -> make.apply(metric, series.tags()));
  }

  private Counter counter(Metric metric, Tags tags) {
    return Counter.builder(metric.fullName())
        .description(metric.help())
        .tags(tags)
        .register(registry);
  }

  private Timer timer(Metric metric, Tags tags) {
    return Timer.builder(metric.fullName())
        .description(metric.help())
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private DistributionSummary summary(Metric metric, Tags tags) {
    return DistributionSummary.builder(metric.fullName())
        .description(metric.help())
        .tags(tags)
        .register(registry);
  }

  /** Reports of no mounts any more but of these, and of those that have no place of their own. */
  void keep(Set<String> mounts) {
    known.forEach((key, meter) -> {
      int mount = key.metric.labels().indexOf(Label.MOUNT);
      if (mount >= 0
          && !key.values[mount].equals(Label.OTHER)
          && !mounts.contains(key.values[mount])) {
        known.remove(key);
        var _ = registry.remove(meter);
      }
    });
  }
}
