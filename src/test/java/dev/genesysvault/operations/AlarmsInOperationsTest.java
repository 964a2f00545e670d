package dev.genesysvault.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alarm.AlarmKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each kind of alarm has its rule, its alarm and its monitor, with its own words. */
final class AlarmsInOperationsTest {
  private static final Path OPERATIONS = Path.of("operations");
  private static final Path DOCS = Path.of("docs/operations.md");
  private static final String END = "# <end of alarms>";

  private static String each(Function<AlarmKind, String> form) {
    return Stream.of(AlarmKind.values()).map(form).collect(Collectors.joining());
  }

  private static KeptPart yaml(String file) {
    return new KeptPart(
        OPERATIONS.resolve(file), "# <alarms: one a kind, from their list>\n", "  " + END);
  }

  @Test
  void prometheus_has_a_rule_for_each() throws IOException {
    yaml("prometheus/genesys-vault.rules.yml")
        .mustBe("  - name: genesys-vault.alarms\n    rules:\n" + each(AlarmForms::rule));
  }

  @Test
  void promtool_has_a_case_for_each() throws IOException {
    yaml("prometheus/genesys-vault.test.yml").mustBe(each(AlarmForms::ruleTest));
  }

  @Test
  void cloudwatch_has_an_alarm_for_each() throws IOException {
    yaml("cloudwatch/alarms.yaml").mustBe(each(AlarmForms::resource));
  }

  @Test
  void datadog_has_a_monitor_for_each() throws IOException {
    var file = OPERATIONS.resolve("datadog/alarms.json");
    var printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    var monitors = Stream.of(AlarmKind.values()).map(AlarmForms::monitorBody).toList();
    var text = new ObjectMapper().writer(printer).writeValueAsString(monitors) + "\n";
    if (System.getProperty("golden.update") != null) {
      Files.writeString(file, text);
    }
    assertThat(file).hasContent(text);
  }

  @Test
  void the_docs_have_a_row_for_each() throws IOException {
    new KeptPart(DOCS, "<!-- every kind of alarm, from their list -->\n", "<!-- end -->")
        .mustBe(
            "| alarm | severity | alert of Prometheus | judged from measures too | alarm of CloudWatch | monitor of Datadog |\n|---|---|---|---|---|---|\n"
                + each(AlarmsInOperationsTest::row));
  }

  private static String row(AlarmKind kind) {
    var measured =
        AlertRules.shipped().stream()
            .filter(rule -> rule.seenBy().equals("metrics") && rule.alarm().equals(kind.word()))
            .map(rule -> "`%s`".formatted(rule.name()))
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | `%s` | %s | `…-%s` | `%s` |\n"
        .formatted(
            kind.word(),
            kind.severity().word(),
            AlarmForms.alert(kind),
            measured,
            AlarmForms.cloudWatch(kind),
            kind.word());
  }

  @Test
  void the_docs_have_a_row_for_each_other_alert() throws IOException {
    var rows =
        AlertRules.shipped().stream()
            .filter(rule -> rule.seenBy().equals("metrics"))
            .map(rule ->
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        rule.name(),
                        rule.severity(),
                        rule.pending(),
                        rule.alarm().isEmpty() ? "" : "`" + rule.alarm() + "`"))
            .collect(Collectors.joining());
    new KeptPart(DOCS, "<!-- every other alert, from the rules -->\n", "<!-- end -->")
        .mustBe("| alert | severity | after | alarm |\n|---|---|---|---|\n" + rows);
  }

  @Test
  void every_alert_has_a_case_for_promtool() throws IOException {
    var cases = Files.readString(OPERATIONS.resolve("prometheus/genesys-vault.test.yml"));

    assertThat(AlertRules.shipped()).hasSizeGreaterThan(40);
    assertThat(AlertRules.shipped()).extracting(AlertRules.Alert::name).doesNotHaveDuplicates();
    assertThat(AlertRules.shipped())
        .allMatch(rule ->
            cases.contains("alertname=\"%s\"".formatted(rule.name()))
                || cases.contains("alertname: %s\n".formatted(rule.name())));
  }
}
