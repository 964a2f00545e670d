package dev.genesysvault.observe;

import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.ProcessMetric;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names that are in the lists, whatever Micrometer makes of them. */
final class ShownNames {
  private static final NamingConvention PROMETHEUS = new PrometheusNamingConvention();

  private static final Set<String> NAMES =
      Stream.concat(
              Stream.of(Metric.values()).map(Metric::fullName),
              Stream.of(ProcessMetric.values()).map(ProcessMetric::fullName))
          .collect(Collectors.toUnmodifiableSet());

  /** Micrometer adds some of them later, or leaves them to whoever is asked. */
  private static final List<String> ENDS = List.of("", "_total", "_info", "_seconds");

  /** Has others show what a scrape shows. */
  static final NamingConvention AS_SCRAPED =
      new NamingConvention() {
        @Override
        public String name(String name, Meter.Type type, @Nullable String baseUnit) {
          return listed(name, type, baseUnit).orElseGet(() -> name.replace('.', '_'));
        }

        @Override
        public String tagKey(String key) {
          return PROMETHEUS.tagKey(key);
        }
      };

  private ShownNames() {}

  /** Whether a meter is in the lists. */
  static boolean listed(Meter.Id id) {
    return listed(id.getName(), id.getType(), id.getBaseUnit()).isPresent();
  }

  private static Optional<String> listed(String name, Meter.Type type, @Nullable String baseUnit) {
    var bare = PROMETHEUS.name(name, type, baseUnit);
    return ENDS.stream().map(end -> bare + end).filter(NAMES::contains).findFirst();
  }
}
