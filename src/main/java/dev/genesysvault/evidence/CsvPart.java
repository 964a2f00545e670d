package dev.genesysvault.evidence;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes rows of CSV as RFC 4180 has it. A cell that a spreadsheet might take for a formula begins
 * with an apostrophe.
 */
final class CsvPart implements Part {
  private static final String FORMULA = "=+-@\t\r\n";
  private static final String BETWEEN = "; ";

  private final Writer out;

  CsvPart(Writer out) throws IOException {
    this.out = out;
    row(
        Stream.of(
            "kind",
            "role",
            "id",
            "reason",
            "asked_time",
            "asked_by",
            "request_ids",
            "from",
            "to",
            "switched_time",
            "checks",
            "former_handed_over_time",
            "former_deactivated_time",
            "former_deleted_time",
            "former_released",
            "late"));
  }

  @Override
  public void role(String role, List<Rotation> rotations) throws IOException {
    for (var rotation : rotations) {
      row(
          Stream.of(
              "rotation",
              role,
              rotation.id(),
              rotation.reason(),
              rotation.asked(),
              String.join(BETWEEN, rotation.askers()),
              String.join(BETWEEN, rotation.requests()),
              rotation.from(),
              rotation.to(),
              rotation.switched(),
              String.join(BETWEEN, rotation.checks()),
              rotation.handedOver(),
              rotation.deactivated(),
              rotation.deleted(),
              String.valueOf(rotation.released()),
              String.join(BETWEEN, rotation.late())));
    }
  }

  @Override
  public void client(DynamicClient client) throws IOException {
    row(
        Stream.of(
            "dynamic_client",
            client.role(),
            client.id(),
            client.endedBy(),
            client.issued(),
            "%s, entity %s"
                .formatted(
                    client.displayName(), client.entityId().isEmpty() ? "none" : client.entityId()),
            "",
            client.clientId(),
            "",
            "",
            "",
            "",
            client.deactivated(),
            client.deleted(),
            "false",
            ""));
  }

  /** Says in a last row of its own what could not be read. */
  void gaps(List<String> gaps) throws IOException {
    for (var gap : gaps) {
      row(Stream.concat(Stream.of("not_read", "", "", gap), Stream.generate(() -> "").limit(12)));
    }
  }

  private void row(Stream<String> cells) throws IOException {
    out.write(cells.map(CsvPart::cell).collect(Collectors.joining(",", "", "\r\n")));
  }

  private static String cell(String text) {
    boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    var safe = formula ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
