package dev.genesysvault.fleet;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The clients that are to be imported, as a list names them.
 *
 * @param clients in the order of the list
 * @param unused columns that mean nothing here
 */
record FleetList(List<FleetClient> clients, Set<String> unused) {
  /** Clients in a list. */
  static final int MOST_CLIENTS = 10_000;

  /** Bytes of a line of CSV, or of an object of JSON. */
  static final int LONGEST_LINE = 4_096;

  private static final String ID = "client_id";
  private static final String SECRET = "client_secret";
  private static final String PERIOD = "rotation_period";
  private static final String GRACE = "grace_period";
  private static final int LONGEST_SECRET = 1_024;

  /** The columns that mean something, beside the one that names static roles. */
  static final Set<String> COLUMNS = Set.of(ID, SECRET, "name", PERIOD, GRACE);

  /** Copies both. */
  FleetList {
    clients = List.copyOf(clients);
    unused = Set.copyOf(unused);
  }

  /** The forms that a list may have. */
  enum Format {
    CSV,
    JSON
  }

  /**
   * Reads a list.
   *
   * @param input buffered; whoever opened it closes it
   * @param nameColumn the column that names static roles
   * @throws UnusableListException with all that is wrong with it, by line
   */
  static FleetList read(InputStream input, Format format, String nameColumn)
      throws IOException, UnusableListException {
    var rows = format == Format.JSON ? new JsonRows(input) : new CsvRows(input);
    var reading = new Reading(nameColumn.toLowerCase(Locale.ROOT));
    for (var row = rows.next(); row.isPresent(); row = rows.next()) {
      if (reading.clients.isEmpty() && reading.problems.isEmpty()) {
        reading.checkColumns(rows.columns());
      }
      reading.take(row.get());
    }
    reading.checkColumns(rows.columns());
    return reading.list(rows.columns());
  }

  /** One pass over a list. */
  private static final class Reading {
    private final String nameColumn;
    private final List<FleetClient> clients = new ArrayList<>();
    private final List<ListProblem> problems = new ArrayList<>();
    private final Map<String, Integer> lineOfId = new HashMap<>();
    private final Map<String, Integer> lineOfRole = new HashMap<>();
    private int count;

    Reading(String nameColumn) {
      this.nameColumn = nameColumn;
    }

    void checkColumns(Set<String> columns) throws UnusableListException {
      for (var needed : List.of(ID, SECRET)) {
        if (!columns.contains(needed)) {
          throw new UnusableListException(
              1,
              "there is no column %s: the first line of CSV, or the members of each object of JSON, must name %s and %s"
                  .formatted(needed, ID, SECRET));
        }
      }
      if (!columns.contains(nameColumn) && !nameColumn.equals("name")) {
        throw new UnusableListException(
            1, "there is no column %s, which --name-column names".formatted(nameColumn));
      }
    }

    void take(Row row) throws UnusableListException {
      count++;
      if (count > MOST_CLIENTS) {
        throw new UnusableListException(
            row.line(), "there are more than %,d clients; cut the list".formatted(MOST_CLIENTS));
      }
      int before = problems.size();
      var id = id(row);
      var secret = secret(row);
      var role = row.value(nameColumn).strip();
      if (!role.isEmpty() && !RoleNames.valid(role)) {
        problem(row, "%s is \"%s\"; %s".formatted(nameColumn, role, RoleNames.ALLOWED));
      }
      if (!role.isEmpty()) {
        once(row, nameColumn + " " + role, role, lineOfRole);
      }
      var period = duration(row, PERIOD);
      var grace = duration(row, GRACE);
      if (problems.size() == before && id.isPresent() && secret.isPresent()) {
        clients.add(
            new FleetClient(
                row.line(), new Credential(id.get(), secret.get()), role, period, grace));
      }
    }

    /** A value that is no id may be a secret in the wrong column, and is not shown. */
    private Optional<ClientId> id(Row row) {
      var text = row.value(ID).strip();
      if (text.isEmpty()) {
        problem(row, ID + " is empty");
        return Optional.empty();
      }
      try {
        var id = new ClientId(text);
        once(row, "client " + id, text.toLowerCase(Locale.ROOT), lineOfId);
        return Optional.of(id);
      } catch (IllegalArgumentException _) {
        problem(
            row,
            "%s is no id of a client, and not shown since it may be a secret; must be 1 to 100 letters, digits, dots, dashes or underscores"
                .formatted(ID));
        return Optional.empty();
      }
    }

    private Optional<Secret> secret(Row row) {
      var text = row.value(SECRET);
      if (text.isBlank()) {
        problem(row, SECRET + " is empty");
        return Optional.empty();
      }
      if (!text.strip().equals(text)) {
        problem(row, SECRET + " begins or ends with white space");
        return Optional.empty();
      }
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      if (length > LONGEST_SECRET) {
        problem(
            row, "%s has %,d bytes; must be at most %,d".formatted(SECRET, length, LONGEST_SECRET));
        return Optional.empty();
      }
      return Optional.of(Secret.of(text));
    }

    private Optional<Duration> duration(Row row, String column) {
      var text = row.value(column).strip();
      try {
        return text.isEmpty() ? Optional.empty() : Optional.of(Durations.parse(column, text));
      } catch (IllegalArgumentException e) {
        problem(row, String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }

    private void once(Row row, String what, String key, Map<String, Integer> lines) {
      var other = lines.putIfAbsent(key, row.line());
      if (other != null) {
        problem(row, "%s is in line %d already".formatted(what, other));
      }
    }

    private void problem(Row row, String text) {
      problems.add(new ListProblem(row.line(), text));
    }

    FleetList list(Set<String> columns) throws UnusableListException {
      if (!problems.isEmpty()) {
        throw new UnusableListException(problems);
      }
      if (clients.isEmpty()) {
        throw new UnusableListException(1, "the list names no client");
      }
      var unused = new TreeSet<>(columns);
      unused.removeAll(COLUMNS);
      unused.remove(nameColumn);
      if (!nameColumn.equals("name") && columns.contains("name")) {
        unused.add("name");
      }
      return new FleetList(clients, unused);
    }
  }
}
