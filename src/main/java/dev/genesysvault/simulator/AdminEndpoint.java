package dev.genesysvault.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /_simulator/}: what tests and people see and turn. */
final class AdminEndpoint {
  static final String PREFIX = "/_simulator/";

  private static final Duration LONGEST_ADVANCE = Duration.ofDays(3_650);

  private final World world;
  private final Faults faults;
  private final RequestCounts counts;
  private final RateLimits limits;
  private final ApiUsage usage;

  AdminEndpoint(
      World world, Faults faults, RequestCounts counts, RateLimits limits, ApiUsage usage) {
    this.world = world;
    this.faults = faults;
    this.counts = counts;
    this.limits = limits;
    this.usage = usage;
  }

  SimulatedReply handle(SimulatedRequest request) {
    return switch (request.method() + " " + request.path().substring(PREFIX.length())) {
      case "GET state" -> SimulatedReply.json(200, state());
      case "GET knobs" -> SimulatedReply.json(200, world.knobs.all());
      case "POST knobs" -> {
        world.knobs.turn(request.json());
        yield SimulatedReply.json(200, world.knobs.all());
      }
      case "GET integration-credentials" -> SimulatedReply.json(200, credentials());
      case "GET faults" -> SimulatedReply.json(200, faults.shown());
      case "POST faults" -> {
        faults.arm(request.json());
        yield SimulatedReply.json(200, faults.shown());
      }
      case "DELETE faults" -> {
        faults.clear();
        yield SimulatedReply.json(200, faults.shown());
      }
      case "POST release" -> release(request.json());
      case "POST grants" -> grant(request.json());
      case "POST clock" -> advance(request.json());
      case "POST reset" -> reset(request.json());
      default ->
          throw SimulatedError.of(
              404,
              "not.found",
              "Known are GET state, GET integration-credentials, GET and POST knobs, GET, POST and DELETE faults, POST release,"
                  + " POST grants, POST clock, POST reset.");
    };
  }

  private Map<String, Object> state() {
    var clients = new ArrayList<Map<String, Object>>();
    for (var client : world.liveClients()) {
      var row = new LinkedHashMap<String, Object>();
      row.put("id", client.id);
      row.put("name", client.name());
      row.put("state", client.state());
      row.put("logs_in", client.logsIn(world.now()));
      clients.add(row);
    }
    return Map.of("clients", clients, "requests", counts.shown());
  }

  /** Shows what Genesys shows nobody: what integrations log in with. */
  private Map<String, Object> credentials() {
    var rows = new ArrayList<Map<String, Object>>();
    for (var credential : world.credentials()) {
      var row = credential.info();
      row.put("credentialFields", credential.fields());
      rows.add(row);
    }
    return Map.of("credentials", rows);
  }

  private SimulatedReply release(Map<String, Object> wanted) {
    Optional<Long> id =
        wanted.get("id") instanceof Number number
            ? Optional.of(number.longValue())
            : Optional.empty();
    return SimulatedReply.json(200, Map.of("released", faults.release(id)));
  }

  private SimulatedReply advance(Map<String, Object> wanted) {
    if (!(wanted.get("advance_seconds") instanceof Number seconds)
        || seconds.longValue() < 1
        || seconds.longValue() > LONGEST_ADVANCE.toSeconds()) {
      throw SimulatedError.badRequest(
          "advance_seconds is %s; must be 1 to %d"
              .formatted(wanted.get("advance_seconds"), LONGEST_ADVANCE.toSeconds()));
    }
    world.advance(Duration.ofSeconds(seconds.longValue()));
    return SimulatedReply.json(200, Map.of("now", world.now().toString()));
  }

  private SimulatedReply grant(Map<String, Object> wanted) {
    var id = String.valueOf(wanted.get("client_id"));
    var client =
        world
            .client(id)
            .orElseThrow(() ->
                SimulatedError.of(
                    400, "bad.request", "client_id is %s, which is no client".formatted(id)));
    if (!(wanted.get("role_divisions") instanceof List<?> pairs)) {
      throw SimulatedError.of(
          400, "bad.request", "role_divisions must be a list of roleId and divisionId");
    }
    var grants = Grant.of(Map.of("roleDivisions", pairs));
    var members = new ArrayList<Map<String, Object>>();
    grants.forEach(
        grant -> members.add(Map.of("roleId", grant.roleId(), "divisionId", grant.divisionId())));
    client.grant(members);
    return SimulatedReply.json(200, client.shown());
  }

  private SimulatedReply reset(Map<String, Object> wanted) {
    counts.reset();
    if (!Boolean.TRUE.equals(wanted.get("requests"))) {
      faults.clear();
      limits.reset();
      usage.reset();
      world.reset();
    }
    return SimulatedReply.json(200, Map.of("reset", true));
  }
}
