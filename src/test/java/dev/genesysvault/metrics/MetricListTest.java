package dev.genesysvault.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document of metrics says what the list says, and names are those that Prometheus wants. */
final class MetricListTest {
  private static final Path DOCS = Path.of("docs/metrics.md");
  private static final String BEGINS = "<!-- every metric and label, from their lists -->\n";
  private static final String ENDS = "<!-- end -->";
  private static final String RENEW = "mvn test -Dexec.skip -Dtest=MetricListTest -Dgolden.update";

  @Test
  void the_tables_in_the_docs_are_what_the_lists_say(@TempDir Path folder) throws IOException {
    var docs = Files.readString(DOCS);
    int begin = docs.indexOf(BEGINS) + BEGINS.length();
    int end = docs.indexOf(ENDS, begin);
    if (System.getProperty("golden.update") != null) {
      Files.writeString(DOCS, docs.substring(0, begin) + tables() + docs.substring(end));
      return;
    }

    var said = Files.writeString(folder.resolve("said"), tables());
    assertThat(said)
        .as("what the lists say, against the tables in %s; to renew those: %s", DOCS, RENEW)
        .hasContent(docs.substring(begin, end));
  }

  @Test
  void names_say_what_is_measured_and_in_which_unit() {
    for (var metric : Metric.values()) {
      var name = metric.fullName();
      boolean seconds = name.endsWith("_seconds");
      assertThat(name).startsWith("genesys_vault_").matches("[a-z_]+").doesNotContain("__");
      assertThat(name.endsWith("_total")).as(name).isEqualTo(metric.kind() == Metric.Kind.COUNTER);
      assertThat(seconds).as(name).isEqualTo(metric.unit() == Metric.Unit.SECONDS);
      assertThat(metric.help()).as(name).endsWith(".").doesNotContain("\n", "|");
    }
    assertThat(names()).doesNotHaveDuplicates();
  }

  private static List<String> names() {
    return Stream.concat(
            Stream.of(Metric.values()).map(Metric::fullName),
            Stream.of(ProcessMetric.values()).map(ProcessMetric::fullName))
        .toList();
  }

  private static String tables() {
    var text =
        new StringBuilder(
            "| metric | type | unit | labels | what it says |\n|---|---|---|---|---|\n");
    for (var metric : Metric.values()) {
      text.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  metric.fullName(),
                  type(metric.kind()),
                  metric.unit() == Metric.Unit.SECONDS ? "seconds" : "",
                  labels(metric.labels()),
                  metric.help()));
    }
    text.append("\nOf the process:\n\n| metric | labels | what it says |\n|---|---|---|\n");
    for (var metric : ProcessMetric.values()) {
      text.append(
          "| `%s` | %s | %s |\n"
              .formatted(metric.fullName(), labels(metric.labels()), metric.help()));
    }
    text.append("\nLabels:\n\n| label | values at most | what it says |\n|---|---:|---|\n");
    for (var label : Label.values()) {
      text.append("| `%s` | %d | %s |\n".formatted(label.word(), label.most(), label.help()));
    }
    return text.toString();
  }

  private static String type(Metric.Kind kind) {
    return kind == Metric.Kind.TIMER ? "histogram" : kind.name().toLowerCase(Locale.ROOT);
  }

  private static String labels(List<Label> labels) {
    return labels.stream().map(label -> "`" + label.word() + "`").collect(Collectors.joining(", "));
  }
}
