package dev.genesysvault.destination.vault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.resilience.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tries what a destination needs, and changes nothing. */
final class KvCheck {
  private static final int FORBIDDEN = 403;

  private final KvEngine engine;
  private final Tokens tokens;

  KvCheck(KvEngine engine, Tokens tokens) {
    this.engine = engine;
    this.tokens = tokens;
  }

  /** One thing to try. */
  @FunctionalInterface
  private interface Trial {
    Finding run() throws NotDoneException, InterruptedException;
  }

  /** Tries the log-in, and where it succeeds the rest. */
  List<Finding> findings(String entry, Deadline deadline) throws InterruptedException {
    var findings = new ArrayList<Finding>();
    findings.add(finding("log_in", () -> new Finding("log_in", true, tokens.tried(deadline))));
    if (findings.getFirst().passed()) {
      findings.add(finding("kv_version", () -> version(deadline)));
      findings.add(finding("permissions", () -> permissions(entry, deadline)));
    }
    return List.copyOf(findings);
  }

  private static Finding finding(String name, Trial trial) throws InterruptedException {
    try {
      return trial.run();
    } catch (NotDoneException e) {
      return new Finding(name, false, e.failure().why().text());
    }
  }

  private Finding version(Deadline deadline) throws NotDoneException, InterruptedException {
    return switch (engine.kind(deadline)) {
      case VERSION_2 -> new Finding("kv_version", true, "the engine is KV version 2");
      case ANOTHER -> new Finding("kv_version", false, engine.notVersion2());
      case UNSEEN ->
          new Finding(
              "kv_version",
              true,
              "not seen: nothing is mounted at kv_mount, or the token has no permission below it; permissions says which are missing");
    };
  }

  private Finding permissions(String entry, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var needed = engine.needed(entry);
    var call =
        Call.post(
            "sys/capabilities-self",
            Map.of("paths", List.copyOf(needed.keySet())),
            engine.advice(entry));
    var answer = engine.ask(call, deadline);
    if (answer.status() == FORBIDDEN && answer.byVault() && tokens.proven()) {
      return new Finding(
          "permissions",
          true,
          "not seen: the token may not ask for its own permissions, which the policy \"default\" allows");
    }
    var data = engine.must(call, answer).data();
    var missing = new ArrayList<String>();
    needed.forEach((path, wanted) -> {
      var lacks = wanted.stream().filter(each -> !allows(data.path(path), each)).toList();
      if (!lacks.isEmpty()) {
        missing.add("%s: %s".formatted(path, String.join(", ", lacks)));
      }
    });
    return missing.isEmpty()
        ? new Finding("permissions", true, "all that is needed for this entry")
        : new Finding(
            "permissions",
            false,
            "the policies of %s lack %s".formatted(tokens.owner(), String.join("; ", missing)));
  }

  private static boolean allows(JsonNode capabilities, String wanted) {
    for (var each : capabilities) {
      if (each.asText().equals(wanted) || each.asText().equals("root")) {
        return true;
      }
    }
    return false;
  }
}
