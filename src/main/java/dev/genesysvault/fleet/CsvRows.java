package dev.genesysvault.fleet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/**
 * Reads comma-separated values as RFC 4180 has them, in UTF-8, whose first line names the columns.
 * Also takes semicolons, where the header has no comma, and a byte order mark. Each record is cut
 * out of the stream here, since the parser would read on for a missing quote to the end of the
 * list, and knows no line of what it cannot decode.
 */
final class CsvRows implements Rows {
  private static final char QUOTE = '"';

  private static final String WRONG_QUOTES =
      "its quotes do not fit: a value with a quote in it must be in quotes, with each quote in it twice; lines end with a line feed, or carriage return and line feed";

  private final InputStream input;
  private List<String> header = List.of();
  private CSVFormat format = CSVFormat.RFC4180;
  private int line;
  private boolean over;

  /**
   * Reads from there on.
   *
   * @param input buffered; whoever opened it closes it
   */
  CsvRows(InputStream input) {
    this.input = input;
  }

  @Override
  public Optional<Row> next() throws IOException, UnusableListException {
    if (header.isEmpty()) {
      readHeader();
    }
    while (true) {
      int begin = line + 1;
      var record = record();
      if (record.isEmpty()) {
        return Optional.empty();
      }
      if (record.get().isBlank()) {
        continue;
      }
      return Optional.of(row(begin, cells(begin, record.get())));
    }
  }

  @Override
  public Set<String> columns() {
    return Set.copyOf(header);
  }

  private Row row(int begin, List<String> cells) throws UnusableListException {
    if (cells.size() != header.size()) {
      throw new UnusableListException(
          begin,
          "it has %d values, and the header names %d columns; a value with a separator in it must be in quotes"
              .formatted(cells.size(), header.size()));
    }
    var values = new LinkedHashMap<String, String>();
    for (int i = 0; i < cells.size(); i++) {
      values.put(header.get(i), cells.get(i));
    }
    return new Row(begin, values);
  }

  private void readHeader() throws IOException, UnusableListException {
    var first = record().orElse("");
    if (first.startsWith("\uFEFF")) {
      first = first.substring(1);
    }
    if (first.indexOf(',') < 0 && first.indexOf(';') >= 0) {
      format = format.builder().setDelimiter(';').get();
    }
    header = cells(1, first).stream().map(cell -> cell.strip().toLowerCase(Locale.ROOT)).toList();
    if (new HashSet<>(header).size() < header.size()) {
      throw new UnusableListException(1, "the header names a column twice: " + header);
    }
  }

  /** Returns the next record: a line, or several where quotes hold them together. */
  private Optional<String> record() throws IOException, UnusableListException {
    int begin = line + 1;
    var bytes = new ByteArrayOutputStream();
    boolean quoted = false;
    while (!over) {
      int next = input.read();
      if (next < 0) {
        over = true;
        line++;
      } else if (next == '\n' && !quoted) {
        line++;
        return Optional.of(decoded(begin, bytes));
      } else {
        line += next == '\n' ? 1 : 0;
        quoted ^= next == QUOTE;
        bytes.write(next);
      }
      if (bytes.size() > FleetList.LONGEST_LINE) {
        throw new UnusableListException(
            begin,
            "it is longer than %,d bytes; is a closing quote missing?"
                .formatted(FleetList.LONGEST_LINE));
      }
    }
    return bytes.size() == 0 ? Optional.empty() : Optional.of(decoded(begin, bytes));
  }

  private static String decoded(int begin, ByteArrayOutputStream bytes)
      throws UnusableListException {
    try {
      var text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString();
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    } catch (CharacterCodingException _) {
      throw new UnusableListException(begin, "it is not in UTF-8; save the list in UTF-8");
    }
  }

  private List<String> cells(int begin, String record) throws UnusableListException {
    if (record.isEmpty()) {
      return List.of("");
    }
    try (var parser = CSVParser.parse(record, format)) {
      var records = parser.getRecords();
      // A quote that opens nothing has held several lines together.
      if (records.size() == 1 && records.getFirst().stream().allMatch(cell -> fits(cell, record))) {
        return records.getFirst().toList();
      }
    } catch (IOException | UncheckedIOException _) {
      // What the parser says of a text may quote it, and so a secret.
    }
    throw new UnusableListException(begin, WRONG_QUOTES);
  }

  /** The parser takes a quote within a value without quotes as it stands; here it is a mistake. */
  private static boolean fits(String cell, String record) {
    return cell.indexOf(QUOTE) < 0 || record.contains("\"" + cell.replace("\"", "\"\"") + "\"");
  }
}
