package dev.genesysvault.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The alerts in the file of rules, read by its own form: a member a line. */
final class AlertRules {
  static final Path FILE = Path.of("operations/prometheus/genesys-vault.rules.yml");

  private AlertRules() {}

  /**
   * One alert.
   *
   * @param pending how long it is pending; empty for not at all
   * @param alarm the sidecar's word for the same cause; empty for none
   * @param seenBy {@code sidecar} or {@code metrics}
   */
  record Alert(String name, String pending, String severity, String alarm, String seenBy) {}

  /** Returns those of the file, in its order. */
  static List<Alert> shipped() {
    try {
      var alerts = new ArrayList<Alert>();
      var text = Files.readString(FILE);
      for (var part : text.split("- alert: ", -1)) {
        if (part.startsWith("GenesysVault")) {
          alerts.add(
              new Alert(
                  part.substring(0, part.indexOf('\n')),
                  member(part, "for"),
                  member(part, "severity"),
                  member(part, "alarm"),
                  member(part, "seen_by")));
        }
      }
      return alerts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String member(String part, String name) {
    var mark = " " + name + ": ";
    int at = part.indexOf(mark);
    return at < 0 ? "" : part.substring(at + mark.length(), part.indexOf('\n', at));
  }
}
