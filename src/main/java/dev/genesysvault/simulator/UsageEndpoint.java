package dev.genesysvault.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /api/v2/oauth/clients/{clientId}/usage/}: queries that run in the background. */
final class UsageEndpoint {
  private static final Set<String> GRANULARITIES = Set.of("Day", "Week", "Month");
  private static final Set<String> METRICS =
      Set.of("Status200", "Status300", "Status400", "Status500", "Status429", "Requests");
  private static final Set<String> GROUPS =
      Set.of("OAuthClientId", "OrganizationId", "TemplateUri", "HttpMethod");
  private static final int MOST_EXECUTIONS = 1_000;
  private static final int MOST_DAYS = 366;

  private final World world;
  private final ClientsEndpoint clients;
  private final ApiUsage usage;

  private final Map<String, Execution> executions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Execution> eldest) {
          return size() > MOST_EXECUTIONS;
        }
      };

  UsageEndpoint(World world, ClientsEndpoint clients, ApiUsage usage) {
    this.world = world;
    this.clients = clients;
    this.usage = usage;
  }

  private record Execution(String clientId, Instant from, Instant to, int looks) {
    Execution looked() {
      return new Execution(clientId, from, to, looks + 1);
    }
  }

  SimulatedReply query(Caller caller, String clientId, SimulatedRequest request) {
    caller.needsAny("oauth:client:view", "usage:client:view");
    var client = clients.live(clientId);
    var body = request.json();
    check("granularity", body.getOrDefault("granularity", "Day"), GRANULARITIES);
    list(body, "metrics").forEach(metric -> check("metrics", metric, METRICS));
    list(body, "groupBy").forEach(group -> check("groupBy", group, GROUPS));
    return begun(client, interval(body.get("interval")));
  }

  SimulatedReply summary(Caller caller, String clientId, SimulatedRequest request) {
    caller.needsAny("oauth:client:view", "usage:client:view");
    var client = clients.live(clientId);
    var text = request.parameter("days").orElse("7");
    if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > MOST_DAYS) {
      throw SimulatedError.of(
          400,
          "invalid.query.param.value",
          "Value [%s] is not valid for parameter [days]. Allowable values are: 0 to %d"
              .formatted(text, MOST_DAYS));
    }
    var now = world.now();
    return begun(
        client, List.of(now.minus(Duration.ofDays(Integer.parseInt(text))), now.plusSeconds(1)));
  }

  private SimulatedReply begun(SimulatedClient client, List<Instant> interval) {
    var id = world.uuid();
    executions.put(id, new Execution(client.id, interval.getFirst(), interval.getLast(), 0));
    return SimulatedReply.json(
        200,
        Map.of(
            "executionId",
            id,
            "resultsUri",
            "/api/v2/oauth/clients/%s/usage/query/results/%s".formatted(client.id, id)));
  }

  SimulatedReply results(Caller caller, String clientId, String executionId) {
    caller.needsAny("oauth:client:view", "usage:client:view");
    var execution = executions.get(executionId);
    if (execution == null || !execution.clientId().equals(clientId)) {
      throw SimulatedError.notFound();
    }
    executions.put(executionId, execution.looked());
    if (execution.looks() < world.knobs.number(Knob.USAGE_RUNNING_POLLS)) {
      return SimulatedReply.json(200, Map.of("results", List.of(), "queryStatus", "Running"));
    }
    var status = world.knobs.text(Knob.USAGE_QUERY_STATUS);
    List<Object> rows = status.equals("Complete") ? rows(execution) : List.of();
    return SimulatedReply.json(200, Map.of("results", rows, "queryStatus", status));
  }

  private List<Object> rows(Execution execution) {
    var from = execution.from();
    var to = execution.to();
    if (world.knobs.is(Knob.USAGE_INTERVAL, "days")) {
      from = from.truncatedTo(ChronoUnit.DAYS);
      to = to.minusNanos(1).truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    }
    var counted = world.now().minus(world.knobs.seconds(Knob.USAGE_LAG_SECONDS)).plusSeconds(1);
    var rows = new ArrayList<Object>();
    usage
        .days(execution.clientId(), from, to.isBefore(counted) ? to : counted)
        .forEach((day, calls) -> rows.add(row(execution.clientId(), day, calls)));
    return rows;
  }

  private Map<String, Object> row(String clientId, long day, ApiUsage.Calls calls) {
    var row = new LinkedHashMap<String, Object>();
    row.put("clientId", clientId);
    row.put("clientName", world.client(clientId).map(SimulatedClient::name).orElse(""));
    row.put("organizationId", world.organizationId());
    row.put("status200", calls.status(2));
    row.put("status300", calls.status(3));
    row.put("status400", calls.status(4));
    row.put("status429", calls.limited());
    row.put("status500", calls.status(5));
    row.put("requests", calls.requests());
    row.put("date", LocalDate.ofEpochDay(day).toString());
    return row;
  }

  private static List<?> list(Map<String, Object> body, String member) {
    return body.get(member) instanceof List<?> list ? list : List.of();
  }

  private static void check(String field, @Nullable Object value, Set<String> allowed) {
    if (!allowed.contains(String.valueOf(value))) {
      throw invalid(field, value, allowed);
    }
  }

  private static List<Instant> interval(@Nullable Object text) {
    var parts = String.valueOf(text).split("/", -1);
    if (parts.length == 2) {
      try {
        var from = Instant.parse(parts[0]);
        var to = Instant.parse(parts[1]);
        if (!to.isBefore(from)) {
          return List.of(from, to);
        }
      } catch (DateTimeParseException _) {
        // Told below, as a wrong order is.
      }
    }
    throw invalid("interval", text, "start/end in ISO-8601");
  }

  private static SimulatedError invalid(String field, @Nullable Object value, Object allowed) {
    return SimulatedError.of(
        400,
        "invalid.value",
        "Value [%s] is not valid for field type [%s]. Allowable values are: %s"
            .formatted(value, field, allowed));
  }
}
