package dev.genesysvault.operations;

import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.ProcessMetric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Datadog's check is told of every metric. */
final class DatadogConfigTest {
  private static final KeptPart METRICS =
      new KeptPart(
          Path.of("operations/datadog/conf.yaml"),
          "# <metrics: all but those of names of roles, from their list>\n",
          "      # <end of metrics>");
  private static final String PREFIX = "genesys_vault_";

  @Test
  void every_metric_is_collected_but_those_that_name_roles() throws IOException {
    var own =
        Stream.of(Metric.values())
            .filter(metric -> !metric.namesRoles())
            .map(Metric::fullName)
            .map(DatadogConfigTest::collected)
            .map(name -> "      - %s: %s\n".formatted(name, name.substring(PREFIX.length())));
    var process =
        Stream.of(ProcessMetric.values())
            .map(ProcessMetric::fullName)
            .map(DatadogConfigTest::collected)
            .map("      - %s\n"::formatted);
    METRICS.mustBe(Stream.concat(own, process).collect(Collectors.joining()));
  }

  /** Returns a name as the check knows it: a counter without its end. */
  private static String collected(String name) {
    return name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
  }
}
