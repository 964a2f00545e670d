package dev.genesysvault.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The document of alarms says what the list says. */
final class AlarmListTest {
  private static final Path DOCS = Path.of("docs/alerts.md");
  private static final String BEGINS = "<!-- every alarm, from their list -->\n";
  private static final String ENDS = "<!-- end -->";
  private static final String RENEW = "mvn test -Dexec.skip -Dtest=AlarmListTest -Dgolden.update";

  @Test
  void the_table_in_the_docs_is_what_the_list_says(@TempDir Path folder) throws IOException {
    var docs = Files.readString(DOCS);
    int begin = docs.indexOf(BEGINS) + BEGINS.length();
    int end = docs.indexOf(ENDS, begin);
    if (System.getProperty("golden.update") != null) {
      Files.writeString(DOCS, docs.substring(0, begin) + table() + docs.substring(end));
      return;
    }

    assertThat(Files.writeString(folder.resolve("said"), table()))
        .as("what the list says, against the table in %s; to renew that: %s", DOCS, RENEW)
        .hasContent(docs.substring(begin, end));
  }

  private static String table() {
    var text =
        new StringBuilder(
            "| alarm | severity | what it means | what to do | where to look |\n|---|---|---|---|---|\n");
    for (var kind : AlarmKind.values()) {
      text.append(
          "| `%s` | %s | %s. | %s. | `%s` |\n"
              .formatted(
                  kind.word(),
                  kind.severity().word(),
                  kind.meaning(),
                  kind.advice(),
                  kind.path("NAME")));
    }
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource(AlarmKind.class)
  void an_alarm_says_what_it_means_and_what_to_do(AlarmKind kind) {
    assertThat(kind.word()).matches("[a-z_]+");
    assertThat(kind.meaning()).doesNotEndWith(".").hasSizeBetween(20, 120).doesNotContain("|");
    assertThat(kind.advice()).doesNotEndWith(".").hasSizeBetween(15, 120).doesNotContain("|");
    assertThat(AlarmKind.of(kind.word())).contains(kind);
  }

  @Test
  void severities_are_told_apart_as_pagerduty_does() {
    assertThat(Severity.values())
        .extracting(Severity::word)
        .containsExactly("critical", "error", "warning", "info");
    assertThat(Severity.CRITICAL.atLeast(Severity.ERROR)).isTrue();
    assertThat(Severity.WARNING.atLeast(Severity.ERROR)).isFalse();
    assertThat(Severity.of("fatal")).isEmpty();
  }
}
