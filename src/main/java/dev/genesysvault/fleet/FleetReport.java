package dev.genesysvault.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.fleet.Result.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What came of a run, for people and for programs; no secret.
 *
 * @param results of all clients, in the order of the list
 * @param began when the run began
 * @param took how long it took
 * @param requests that Vault got
 * @param waits how many of them were answered by a wish to wait
 * @param waited for how long nobody asked since
 */
record FleetReport(
    ImportSettings settings,
    List<Result> results,
    Instant began,
    Duration took,
    long requests,
    long waits,
    Duration waited) {
  /** Refusals in the text; the file has all of them. */
  private static final int MOST_SHOWN = 200;

  /** Copies the results. */
  FleetReport {
    results = List.copyOf(results);
  }

  /** Whether every client is in, or would be. */
  boolean complete() {
    return count(Kind.REFUSED) == 0;
  }

  private long count(Kind kind) {
    return results.stream().filter(result -> result.kind() == kind).count();
  }

  /** Returns it for people. */
  String text() {
    var lines = new ArrayList<String>();
    lines.add(
        settings.dryRun()
            ? "Dry run: nothing was changed. Mount %s/, %,d clients:"
                .formatted(settings.mount(), results.size())
            : "Mount %s/, %,d clients:".formatted(settings.mount(), results.size()));
    for (var kind : Kind.values()) {
      if (count(kind) > 0) {
        lines.add("  %-18s %,7d".formatted(kind.text(), count(kind)));
      }
    }
    var refused = results.stream().filter(result -> result.kind() == Kind.REFUSED).toList();
    if (!refused.isEmpty()) {
      lines.add("Refused:");
      refused.stream().limit(MOST_SHOWN).forEach(result -> lines.add(refusal(result)));
      if (refused.size() > MOST_SHOWN) {
        lines.add("  and %,d more; --report has all".formatted(refused.size() - MOST_SHOWN));
      }
    }
    addMissing(lines);
    lines.add(
        "%s, %,d requests to Vault, %,d of them answered by a limit, which took %s to wait out"
            .formatted(Durations.shown(took), requests, waits, Durations.shown(waited)));
    lines.add(advice());
    return String.join(System.lineSeparator(), lines);
  }

  private static String refusal(Result result) {
    return "  line %d, client %s%s: %s"
        .formatted(
            result.client().line(),
            result.client().id(),
            result.role().isEmpty() ? "" : ", static role " + result.role(),
            String.join("; ", result.reasons()));
  }

  private void addMissing(List<String> lines) {
    var permissions = missingPermissions();
    if (!permissions.isEmpty()) {
      lines.add(
          "The mount's own client lacks these permissions, which imports and rotations need: %s"
              .formatted(String.join(", ", permissions)));
    }
    var pairs = missingPairs();
    if (!pairs.isEmpty()) {
      lines.add("The mount's own client lacks these roles in divisions (roleId:divisionId):");
      pairs.forEach((pair, count) -> lines.add("  %s  of %,d clients".formatted(pair, count)));
    }
  }

  private String advice() {
    if (!complete()) {
      return "Mend what is refused, and run the same command again: what is in already stays as it is.";
    }
    return settings.dryRun()
        ? "Run it with --dry-run=false to import them."
        : "Everything is in. The list of secrets is not needed any more: destroy it.";
  }

  private Set<String> missingPermissions() {
    var missing = new TreeSet<String>();
    results.forEach(result -> missing.addAll(result.missingPermissions()));
    return missing;
  }

  private Map<String, Integer> missingPairs() {
    var missing = new TreeMap<String, Integer>();
    results.forEach(
        result -> result.missingPairs().forEach(pair -> missing.merge(pair, 1, Integer::sum)));
    return missing;
  }

  /**
   * Writes it for programs, as a file that nobody else may read, and that is there as a whole or
   * not at all.
   */
  void write(Path file) throws IOException {
    var json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(members());
    var folder = file.toAbsolutePath().getParent();
    var whole = Files.createTempFile(folder, ".import-fleet", ".json");
    try {
      Files.setPosixFilePermissions(
          whole, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      Files.write(whole, json);
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("mount", settings.mount());
    members.put("dry_run", settings.dryRun());
    members.put("began", began.toString());
    members.put("seconds", took.toSeconds());
    members.put("vault_requests", requests);
    members.put("limits_met", waits);
    members.put("seconds_waited_for_limits", waited.toSeconds());
    var totals = new LinkedHashMap<String, Object>();
    for (var kind : Kind.values()) {
      totals.put(kind.word(), count(kind));
    }
    members.put("totals", totals);
    members.put("missing_permissions", missingPermissions());
    members.put("missing_role_divisions", missingPairs());
    members.put("clients", results.stream().map(FleetReport::members).toList());
    return members;
  }

  private static Map<String, Object> members(Result result) {
    var members = new LinkedHashMap<String, Object>();
    members.put("line", result.client().line());
    members.put("client_id", result.client().id());
    members.put("static_role", result.role());
    members.put("outcome", result.kind().word());
    members.put("reasons", result.reasons());
    result.firstRotation().ifPresent(time -> members.put("first_rotation", time.toString()));
    members.put("missing_role_divisions", result.missingPairs());
    return members;
  }
}
