package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.RecordedRotation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code history/<role>/<id>}: the rotations that are kept for whoever audits. */
public final class HistoryHandler {
  /** Makes one. */
  public HistoryHandler() {}

  /** Returns the ids of a role's rotations. */
  public List<String> ids(Request request) throws InterruptedException {
    return request.storage().history(request.capture("name")).names();
  }

  /** Answers {@code history/<role>/<id>}. */
  public Reply one(Request request) throws InterruptedException {
    if (request.operation() != Operation.READ) {
      return new Reply.UnsupportedOperation();
    }
    return request
        .snapshot()
        .history(request.capture("name"))
        .entry(request.capture("id"))
        .get()
        .<Reply>map(rotation -> Reply.of(shown(rotation)))
        .orElseGet(Reply.Nothing::new);
  }

  private static Map<String, Object> shown(RecordedRotation rotation) {
    var data = new LinkedHashMap<String, Object>();
    data.put("reason", rotation.reason());
    data.put("asked_time", time(rotation.asked()));
    data.put("asked_by", rotation.askers().stream().map(HistoryHandler::shown).toList());
    data.put("asked_by_others", rotation.others());
    data.put("request_ids", rotation.requests());
    data.put("from", id(rotation.from()));
    data.put("to", id(rotation.to()));
    data.put("switched_time", time(rotation.switched()));
    data.put("checks", rotation.checks());
    data.put("former_handed_over_time", time(rotation.handedOver()));
    data.put("former_deactivated_time", time(rotation.deactivated()));
    data.put("former_deleted_time", rotation.released() ? "" : time(rotation.deleted()));
    data.put("former_released_time", rotation.released() ? time(rotation.deleted()) : "");
    data.put("former_found_deleted", rotation.foundDeleted());
    data.put("late", rotation.late());
    return data;
  }

  private static Map<String, Object> shown(Asker asker) {
    return Map.of(
        "wish",
        asker.wish(),
        "display_name",
        asker.displayName(),
        "entity_id",
        asker.entityId(),
        "request_id",
        asker.requestId(),
        "time",
        time(asker.time()));
  }

  private static String id(@Nullable ClientId id) {
    return id == null ? "" : id.value();
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
