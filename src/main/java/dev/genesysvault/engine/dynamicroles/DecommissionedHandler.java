package dev.genesysvault.engine.dynamicroles;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.storage.DecommissionedClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code decommissioned/<hour>/<id>}: for whom clients were made that are gone. */
public final class DecommissionedHandler {
  /** Makes one. */
  public DecommissionedHandler() {}

  /** Returns the ids of the clients that were made in an hour. */
  public List<String> ids(Request request) throws InterruptedException {
    return request.storage().decommissioned(request.capture("hour")).names();
  }

  /** Answers {@code decommissioned/<hour>/<id>}. */
  public Reply one(Request request) throws InterruptedException {
    if (request.operation() != Operation.READ) {
      return new Reply.UnsupportedOperation();
    }
    return request
        .snapshot()
        .decommissioned(request.capture("hour"))
        .entry(request.capture("id"))
        .get()
        .<Reply>map(client -> Reply.of(shown(client)))
        .orElseGet(Reply.Nothing::new);
  }

  private static Map<String, Object> shown(DecommissionedClient client) {
    var data = new LinkedHashMap<String, Object>();
    data.put("client_id", client.clientId().value());
    data.put("role", client.role());
    data.put("display_name", client.displayName());
    data.put("entity_id", client.entityId());
    data.put("issued_time", time(client.issued()));
    data.put("handed_out", client.handedOut());
    data.put("ended_by", client.endedBy());
    data.put("deactivated_time", time(client.deactivated()));
    data.put("deleted_time", time(client.deleted()));
    data.put("found_deleted", client.foundDeleted());
    return data;
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
