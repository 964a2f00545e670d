package dev.genesysvault.evidence;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes rows of CSV as RFC 4180 has it. A cell of several things is a list in JSON. A cell that a
 * spreadsheet might take for a formula begins with an apostrophe.
 */
final class CsvPart implements Part {
  /** Those of full width are taken for the same by some spreadsheets. */
  private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

  private static final int COLUMNS = 19;

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
            "asked_by_others",
            "request_ids",
            "from",
            "to",
            "switched_time",
            "checks",
            "former_handed_over_time",
            "former_deactivated_time",
            "former_deleted_time",
            "former_released_time",
            "former_end",
            "handed_out",
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
              rotation.bySchedule()
                  ? Rotation.SCHEDULE
                  : Shown.list(rotation.askedBy().stream().map(Asker::members).toList()),
              String.valueOf(rotation.askedByOthers()),
              Shown.list(rotation.requests()),
              rotation.from(),
              rotation.to(),
              rotation.switched(),
              Shown.list(rotation.checks()),
              rotation.handedOver(),
              rotation.deactivated(),
              rotation.deleted(),
              rotation.released(),
              rotation.formerEnd(),
              "",
              Shown.list(rotation.late())));
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
            Shown.list(List.of(client.asker())),
            "",
            "",
            client.clientId(),
            "",
            "",
            "",
            "",
            client.deactivated(),
            client.deleted(),
            "",
            client.end(),
            String.valueOf(client.handedOut()),
            ""));
  }

  /** Says in a last row of its own what could not be read. */
  void gaps(List<String> gaps) throws IOException {
    for (var gap : gaps) {
      row(
          Stream.concat(
              Stream.of("not_read", "", "", gap), Stream.generate(() -> "").limit(COLUMNS - 4)));
    }
  }

  private void row(Stream<String> cells) throws IOException {
    out.write(cells.map(CsvPart::cell).collect(Collectors.joining(",", "", "\r\n")));
  }

  private static String cell(String given) {
    var text = Shown.visible(given);
    // As it was given: what is spelled out begins with a backslash.
    boolean formula = !given.isEmpty() && FORMULA.indexOf(given.charAt(0)) >= 0;
    var safe = formula ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
