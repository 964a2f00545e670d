package dev.genesysvault.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.fleet.Result.Kind;
import dev.genesysvault.vaultapi.VaultApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The import of one client, and its rehearsal. Either may be repeated at will. */
final class ClientImport {
  private static final int BAD_REQUEST = 400;

  private final ImportSettings settings;
  private final VaultApi api;
  private final FirstRotations rotations;
  private final Supplier<Instant> vaultsClock;

  /**
   * Prepares it for all clients of a fleet.
   *
   * @param vaultsClock what time it is for Vault
   */
  ClientImport(
      ImportSettings settings,
      VaultApi api,
      FirstRotations rotations,
      Supplier<Instant> vaultsClock) {
    this.settings = settings;
    this.api = api;
    this.rotations = rotations;
    this.vaultsClock = vaultsClock;
  }

  /**
   * What a rehearsal has shown.
   *
   * @param clientName at Genesys; empty where it is not known
   */
  record Rehearsed(Result result, String clientName) {}

  /**
   * Has Vault look at a client, and changes nothing.
   *
   * @param role static role that it is to have; empty where that is not known yet
   */
  Rehearsed rehearse(FleetClient client, String role) throws InterruptedException {
    // Any name does that no role has, since a dry run needs none.
    var path =
        settings.importPath(role.isEmpty() ? "import-fleet_%s_".formatted(client.id()) : role);
    var answer = api.put(path, () -> with(client, Map.of("dry_run", true)));
    var data = answer.data();
    if (!answer.success() || !data.has("problems")) {
      return new Rehearsed(Result.refused(client, role, answer.errors()), "");
    }
    var owner = data.path("static_role").asText();
    var problems = texts(data.path("problems"));
    boolean there =
        data.path("already_imported").asBoolean()
            || (!owner.isEmpty() && !problems.isEmpty() && (role.isEmpty() || role.equals(owner)));
    var kind =
        there ? Kind.ALREADY_THERE : problems.isEmpty() ? Kind.WOULD_BE_IMPORTED : Kind.REFUSED;
    var result =
        new Result(
            client,
            there ? owner : role,
            kind,
            there ? List.of() : problems,
            Optional.empty(),
            texts(data.path("missing_role_divisions")),
            texts(data.path("missing_permissions")));
    return new Rehearsed(result, data.path("client_name").asText());
  }

  /**
   * Imports a client into its static role, which is written first where it is not there.
   *
   * @param index of the client in the list, from 0
   */
  Result adopt(int index, FleetClient client, String role) throws InterruptedException {
    var present = api.get(settings.rolePath(role));
    boolean absent = present.nothing();
    if (!absent && !present.success()) {
      return Result.refused(client, role, present.errors());
    }
    if (absent) {
      var written = api.put(settings.rolePath(role), () -> role(client));
      if (!written.success()) {
        return Result.refused(client, role, written.errors());
      }
    }
    // One that is there keeps its own times; under a schedule it has no period.
    var period =
        absent
            ? settings.period(client)
            : Duration.ofSeconds(present.data().path("rotation_period").asLong());
    var answer =
        api.put(settings.importPath(role), () -> with(client, order(first(index, period))));
    if (answer.success()) {
      boolean there = answer.data().path("already_imported").asBoolean();
      return new Result(
          client,
          role,
          there ? Kind.ALREADY_THERE : Kind.IMPORTED,
          List.of(),
          there ? Optional.empty() : first(index, period),
          List.of(),
          List.of());
    }
    var reasons = new ArrayList<>(answer.errors());
    if (absent
        && answer.status() == BAD_REQUEST
        && !api.delete(settings.rolePath(role)).success()) {
      reasons.add(
          "static role %s was written for it, has no client, and could not be deleted: delete it"
              .formatted(role));
    }
    return Result.refused(client, role, reasons);
  }

  private Optional<Instant> first(int index, Duration period) {
    return period.isPositive()
        ? Optional.of(rotations.at(index, period, vaultsClock.get()))
        : Optional.empty();
  }

  private Map<String, Object> order(Optional<Instant> first) {
    var fields = new LinkedHashMap<String, Object>();
    first.ifPresent(time -> fields.put("first_rotation", time.toString()));
    if (settings.keepImported()) {
      fields.put("keep_imported", true);
    }
    return fields;
  }

  private Map<String, Object> role(FleetClient client) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("rotation_period", settings.period(client).toSeconds());
    settings.grace(client).ifPresent(grace -> fields.put("grace_period", grace.toSeconds()));
    fields.put("defer_initial_creds", true);
    return fields;
  }

  private static Map<String, Object> with(FleetClient client, Map<String, Object> further) {
    var fields = new LinkedHashMap<String, Object>(further);
    fields.put("client_id", client.id());
    fields.put("client_secret", client.credential().secret().reveal());
    return fields;
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
