package dev.genesysvault.observe;

import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.Metric.Kind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the sources of gauges said last: what they say no more is reported no more. Belongs to
 * whoever holds the monitor of {@link MetricsText}.
 */
final class GaugeBoard {
  private final MeterRegistry registry;
  private final LabelBounds bounds;
  private final boolean rolesNamed;
  private final Map<Series, Shown> shown = new HashMap<>();

  GaugeBoard(MeterRegistry registry, LabelBounds bounds, boolean rolesNamed) {
    this.registry = registry;
    this.bounds = bounds;
    this.rolesNamed = rolesNamed;
  }

  private record Reading(Metric metric, double value, List<String> labels) {}

  /**
   * What is to be done about counters.
   *
   * @param mounts that are there, as they are shown
   * @param begun those that are to show a 0 at least
   */
  record Told(Set<String> mounts, List<Series> begun) {}

  /** One gauge that Micrometer reads. */
  private final class Shown {
    private final Meter meter;
    private volatile double value;

    Shown(Series series, double first) {
      this.value = first;
      this.meter =
          Gauge.builder(name(series.metric()), () -> value)
              .description(series.metric().help())
              .tags(series.tags())
              .strongReference(true)
              .register(registry);
    }
  }

  /** Micrometer takes the end of a name for the mark of an info only where a dot is before it. */
  private static String name(Metric metric) {
    var name = metric.fullName();
    var info = "_info";
    return name.endsWith(info) ? name.substring(0, name.length() - info.length()) + ".info" : name;
  }

  /** What is said now. */
  private final class Said implements Gauges.Readings {
    private final List<Reading> readings = new ArrayList<>();
    private final Set<String> mounts = new LinkedHashSet<>();
    private final List<Series> begun = new ArrayList<>();

    @Override
    public void is(Metric metric, double value, String... labels) {
      if (metric.kind() != Kind.GAUGE) {
        throw new IllegalArgumentException("%s is no gauge".formatted(metric));
      }
      if (!metric.namesRoles() || rolesNamed) {
        readings.add(new Reading(metric, value, List.of(labels)));
      }
    }

    @Override
    public void begun(Metric metric, String... labels) {
      begun.add(new Series(metric, List.of(labels)));
    }

    @Override
    public void present(String mount) {
      mounts.add(mount);
    }

    @Override
    public boolean rolesNamed() {
      return rolesNamed;
    }
  }

  /** Asks the sources, and returns what they say of counters. */
  Told ask(List<Gauges> sources) {
    var said = new Said();
    sources.forEach(source -> source.read(said));
    var mounts = bounds.mounts(said.mounts);
    var values = new HashMap<Series, Double>();
    var counts = new EnumMap<Metric, Integer>(Metric.class);
    for (var reading : said.readings) {
      var metric = reading.metric;
      var series = new Series(metric, bounds.bounded(metric, reading.labels));
      if (!values.containsKey(series)
          && counts.merge(metric, 1, Integer::sum) > metric.mostSeries()) {
        series = Series.other(metric);
      }
      values.merge(series, reading.value, metric.merge()::of);
    }
    values.forEach((series, value) -> {
      shown.computeIfAbsent(series, it -> new Shown(it, value)).value = value;
    });
    shown
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !values.containsKey(entry.getKey());
          if (gone) {
            var _ = registry.remove(entry.getValue().meter);
          }
          return gone;
        });
    return new Told(mounts, said.begun);
  }
}
