package dev.genesysvault.fleet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads comma-separated values as RFC 4180 has them, in UTF-8, whose first line names the columns.
 * Also takes semicolons, where the header has no comma, and a byte order mark.
 */
final class CsvRows implements Rows {
  private static final char QUOTE = '"';

  private final InputStream input;
  private List<String> header = List.of();
  private char separator = ',';
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
    separator = first.indexOf(',') < 0 && first.indexOf(';') >= 0 ? ';' : ',';
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
    var cells = new ArrayList<String>();
    int at = 0;
    while (true) {
      boolean quoted = at < record.length() && record.charAt(at) == QUOTE;
      var cell = new StringBuilder();
      at = quoted ? unquoted(begin, record, at + 1, cell) : plain(begin, record, at, cell);
      cells.add(cell.toString());
      if (at >= record.length()) {
        return cells;
      }
      at++;
    }
  }

  private int plain(int begin, String record, int from, StringBuilder cell)
      throws UnusableListException {
    int end = record.indexOf(separator, from);
    end = end < 0 ? record.length() : end;
    cell.append(record, from, end);
    if (cell.indexOf("\"") >= 0) {
      throw new UnusableListException(
          begin,
          "a value has a quote in it and does not begin with one; put it in quotes, and write each quote in it twice");
    }
    return end;
  }

  /** Returns where the separator after the value is, or the end. */
  private int unquoted(int begin, String record, int from, StringBuilder cell)
      throws UnusableListException {
    int at = from;
    while (at < record.length()) {
      char next = record.charAt(at);
      boolean quote = next == QUOTE;
      if (quote && (at + 1 == record.length() || record.charAt(at + 1) == separator)) {
        return at + 1;
      }
      if (quote && record.charAt(at + 1) != QUOTE) {
        break;
      }
      cell.append(next);
      at += quote ? 2 : 1;
    }
    throw new UnusableListException(
        begin, "a value in quotes does not end with one; write each quote in it twice");
  }
}
