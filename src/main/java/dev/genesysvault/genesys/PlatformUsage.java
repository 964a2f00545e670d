package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.upstream.ClientUsage;
import java.time.Instant;
import java.util.Optional;

/** Usage queries of the Platform API. */
final class PlatformUsage implements ClientUsage {
  private final PlatformApi api;

  PlatformUsage(PlatformApi api) {
    this.api = api;
  }

  @Override
  public Outcome<Query> query(ClientId id, Instant from, Instant to, CallContext context)
      throws InterruptedException {
    return api.call(
        ApiCall.queryUsage(id, from, to),
        context,
        execution ->
            Optional.of(execution.path("executionId").asText(""))
                .filter(text -> !text.isBlank())
                .map(text -> new Query(id, text)));
  }

  @Override
  public Outcome<Count> count(Query query, CallContext context) throws InterruptedException {
    return api.call(
        ApiCall.usage(query.id(), query.executionId()),
        context,
        result -> count(query.id(), result));
  }

  private static Optional<Count> count(ClientId id, JsonNode result) {
    return switch (result.path("queryStatus").asText("")) {
      case "Running" -> Optional.of(new Count.Running());
      case "Failed" -> Optional.of(new Count.Failed());
      case "Complete" -> Optional.of(new Count.Complete(requests(id, result)));
      default -> Optional.empty();
    };
  }

  /** A row is a day; one without a client's id is of the only client that was asked for. */
  private static long requests(ClientId id, JsonNode result) {
    long requests = 0;
    for (var row : result.path("results")) {
      if (row.path("clientId").asText(id.value()).equals(id.value())) {
        requests += Math.max(0, row.path("requests").asLong());
      }
    }
    return requests;
  }
}
