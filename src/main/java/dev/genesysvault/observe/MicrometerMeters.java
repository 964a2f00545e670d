package dev.genesysvault.observe;

import dev.genesysvault.metrics.Label;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.Metric.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times in a registry of Micrometer. What was met before costs a look into a table; what
 * is new is bounded first, by its labels and by how many series its metric has.
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

  /** How many series there are, by metric. */
  private final Map<Metric, AtomicInteger> series =
      Stream.of(Metric.values())
          .collect(Collectors.toUnmodifiableMap(each -> each, _ -> new AtomicInteger()));

  /** What counters that name roles were at the last scrape; belongs to whoever scrapes. */
  private final Map<Key, Double> countsOfRoles = new HashMap<>();

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
      int sum = metric.hashCode();
      for (var value : values) {
        sum = 31 * sum + value.hashCode();
      }
      this.hash = sum;
    }

    Key(Series series) {
      this(series.metric(), series.values().toArray(String[]::new));
    }

    /** Returns the value of one of its labels; empty where it has no such label. */
    String value(Label label) {
      int index = metric.labels().indexOf(label);
      return index < 0 ? "" : values[index];
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
    check(metric, Kind.COUNTER);
    if (shown(metric) && of(metric, true, labels) instanceof Counter counter) {
      counter.increment();
    }
  }

  @Override
  public void countKnown(Metric metric, String... labels) {
    check(metric, Kind.COUNTER);
    if (shown(metric) && of(metric, false, labels) instanceof Counter counter) {
      counter.increment();
    }
  }

  @Override
  public void took(Metric metric, long nanos, String... labels) {
    check(metric, Kind.TIMER);
    if (shown(metric) && of(metric, true, labels) instanceof Timer timer) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void held(Metric metric, long amount, String... labels) {
    check(metric, Kind.SUMMARY);
    if (shown(metric) && of(metric, true, labels) instanceof DistributionSummary summary) {
      summary.record((double) amount);
    }
  }

  private static void check(Metric metric, Kind kind) {
    if (metric.kind() != kind) {
      throw new IllegalArgumentException("%s is no %s".formatted(metric, kind));
    }
  }

  private boolean shown(Metric metric) {
    return rolesNamed || !metric.namesRoles();
  }

  private Meter of(Metric metric, boolean found, String[] labels) {
    var meter = known.get(new Key(metric, labels));
    if (meter != null) {
      return meter;
    }
    var values = List.of(labels);
    return made(
        new Series(
            metric, found ? bounds.bounded(metric, values) : bounds.ofKnownRole(metric, values)));
  }

  private Meter made(Series bounded) {
    var metric = bounded.metric();
    var key = new Key(bounded);
    if (!known.containsKey(key) && seriesOf(metric).get() >= metric.mostSeries()) {
      bounded = Series.other(metric);
      key = new Key(bounded);
    }
    var last = bounded;
    return known.computeIfAbsent(
        key,
        _ -> {
          seriesOf(metric).incrementAndGet();
          return register(last);
        });
  }

  private AtomicInteger seriesOf(Metric metric) {
    return Objects.requireNonNull(series.get(metric));
  }

  private Meter register(Series one) {
    var metric = one.metric();
    return switch (metric.kind()) {
      case COUNTER ->
          Counter.builder(metric.fullName())
              .description(metric.help())
              .tags(one.tags())
              .register(registry);
      case TIMER ->
          Timer.builder(metric.fullName())
              .description(metric.help())
              .tags(one.tags())
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
      case SUMMARY ->
          DistributionSummary.builder(metric.fullName())
              .description(metric.help())
              .tags(one.tags())
              .register(registry);
      case GAUGE -> throw new IllegalArgumentException("%s is a gauge".formatted(metric));
    };
  }

  /**
   * Has a counter shown, at 0 where nothing was counted yet. Half of a metric's series are left to
   * what is counted.
   */
  void begin(Series counter) {
    var metric = counter.metric();
    check(metric, Kind.COUNTER);
    if (shown(metric) && seriesOf(metric).get() < metric.mostSeries() / 2) {
      var _ = made(new Series(metric, bounds.bounded(metric, counter.values())));
    }
  }

  /** Takes note of which roles were counted since it was asked last. */
  void noteRoles() {
    known.forEach((key, meter) -> {
      if (key.metric.namesRoles() && meter instanceof Counter counter) {
        double count = counter.count();
        var before = countsOfRoles.put(key, count);
        if (before == null || before != count) {
          bounds.used(key.value(Label.MOUNT), key.value(Label.ROLE));
        }
      }
    });
  }

  /**
   * Reports of no mounts any more but of these, and of those that have no place of their own; and
   * of no roles but those that have one.
   */
  void keep(Set<String> mounts) {
    for (var key : known.keySet()) {
      if (gone(key, mounts)) {
        countsOfRoles.remove(key);
        // Together with its entry, so that whoever counts it anew meanwhile gets another one.
        known.computeIfPresent(
            key,
            (_, meter) -> {
              seriesOf(key.metric).decrementAndGet();
              var _ = registry.remove(meter);
              return null;
            });
      }
    }
  }

  private boolean gone(Key key, Set<String> mounts) {
    var mount = key.value(Label.MOUNT);
    if (mount.isEmpty()) {
      return false;
    }
    var role = key.value(Label.ROLE);
    return (!mount.equals(Label.OTHER) && !mounts.contains(mount))
        || (key.metric.namesRoles() && !role.equals(Label.OTHER) && !bounds.has(mount, role));
  }
}
