package dev.genesysvault.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.RequestResult;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.ProcessMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What rules, dashboard and alarms ask for are metrics that there are. */
final class NamesInOperationsTest {
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:genesys_vault|jvm|process)_[a-z_]*[a-z](?:\\.(?:value|count))?\\b");
  private static final Pattern RESULTS = Pattern.compile("too_many\\|[a-z_|]+");

  private static final List<Path> FILES =
      Stream.of(
              "prometheus/genesys-vault.rules.yml",
              "prometheus/genesys-vault.test.yml",
              "grafana/genesys-vault.json",
              "cloudwatch/alarms.yaml")
          .map(Path.of("operations")::resolve)
          .toList();

  private static Set<String> known() {
    var known = new TreeSet<String>();
    for (var metric : Metric.values()) {
      var name = metric.fullName();
      known.add(name);
      switch (metric.kind()) {
        case COUNTER -> known.add(name + ".count");
        case GAUGE -> known.add(name + ".value");
        case TIMER, SUMMARY ->
            Stream.of("_bucket", "_count", "_sum", "_max").map(name::concat).forEach(known::add);
      }
    }
    for (var metric : ProcessMetric.values()) {
      known.add(metric.fullName());
      known.add(metric.fullName() + "_sum");
    }
    return known;
  }

  @Test
  void every_metric_that_is_asked_for_is_on_the_list() throws IOException {
    var known = known();
    for (var file : FILES) {
      var asked =
          METRIC
              .matcher(Files.readString(file))
              .results()
              .map(found -> found.group())
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(asked).as(file.toString()).hasSizeGreaterThan(5).isSubsetOf(known);
    }
  }

  @Test
  void what_counts_as_a_failure_is_every_result_but_those_that_are_nobodys_fault()
      throws IOException {
    var failures =
        Stream.of(RequestResult.values())
            .filter(result ->
                switch (result) {
                  case OK, REFUSED, READ_ONLY, UNSUPPORTED, CANCELLED -> false;
                  default -> true;
                })
            .map(RequestResult::word)
            .collect(Collectors.joining("|"));

    var found = RESULTS.matcher(Files.readString(AlertRules.FILE));

    assertThat(found.find()).isTrue();
    assertThat(found.group()).isEqualTo(failures);
  }
}
