package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.upstream.FoundClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What a dry run of an import has found. */
final class Rehearsal {
  /** Also of an import that changes nothing. */
  static final String ALREADY_IMPORTED = "already_imported";

  /** The least status of what says nothing of the client: ask again. */
  private static final int NOT_NOW = 500;

  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** A check that refuses what it finds wrong. */
  @FunctionalInterface
  interface Check {
    void run() throws InterruptedException;
  }

  /** Makes a check; what it refuses is a problem, unless it could not be made. */
  void attempt(Check check) throws InterruptedException {
    try {
      check.run();
    } catch (RefusedException e) {
      if (e.reply().httpStatus() >= NOT_NOW) {
        throw e;
      }
      add(e);
    }
  }

  void add(RefusedException problem) {
    problems.add(String.valueOf(problem.getMessage()));
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  /** Returns the answer for a client that the static role has adopted already. */
  Reply done(String name, String warning) {
    warnings.add(warning);
    return reply(name, true, Optional.empty(), List.of(), List.of());
  }

  /** Returns the answer for a client that another static role has. */
  Reply ownedBy(String role) {
    return reply(role, false, Optional.empty(), List.of(), List.of());
  }

  /**
   * Returns the answer for a client that Genesys was asked for.
   *
   * @param role another static role, which adopted it once; empty for none
   */
  Reply seen(Optional<FoundClient> client, ImportChecks checks, String role) {
    if (!checks.missingPermissions().isEmpty()) {
      warnings.add(
          "the mount's client lacks %s: grant that in Genesys, since imports and rotations need it"
              .formatted(String.join(", ", checks.missingPermissions())));
    }
    return reply(role, false, client, checks.missingPairs(), checks.missingPermissions());
  }

  private Reply reply(
      String role,
      boolean done,
      Optional<FoundClient> client,
      List<RoleDivision> missingPairs,
      List<String> missingPermissions) {
    var data = new LinkedHashMap<String, Object>();
    data.put("problems", List.copyOf(problems));
    data.put("client_name", client.map(FoundClient::name).orElse(""));
    data.put("role_divisions", client.map(Rehearsal::pairs).orElse(List.of()));
    data.put("missing_role_divisions", missingPairs.stream().map(RoleDivision::toString).toList());
    data.put("missing_permissions", missingPermissions);
    data.put("static_role", role);
    data.put(ALREADY_IMPORTED, done);
    return new Reply.Content(data, warnings, Optional.empty());
  }

  private static List<String> pairs(FoundClient client) {
    return new TreeSet<>(client.body().roleDivisions())
        .stream().map(RoleDivision::toString).toList();
  }
}
