package dev.genesysvault.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One client of {@code creds/<role>} that is gone, as {@code decommissioned/<hour>/<id>} shows it.
 * Times are texts as Vault has them; empty for none.
 *
 * @param handedOut whether its reader got it
 * @param foundDeleted whether Genesys did not have it any more when it was to be ended
 */
record DynamicClient(
    String id,
    String role,
    String clientId,
    String displayName,
    String entityId,
    String issued,
    String endedBy,
    boolean handedOut,
    String deactivated,
    String deleted,
    boolean foundDeleted) {

  static DynamicClient of(String id, JsonNode data) {
    return new DynamicClient(
        id,
        data.path("role").asText(),
        data.path("client_id").asText(),
        data.path("display_name").asText(),
        data.path("entity_id").asText(),
        data.path("issued_time").asText(),
        data.path("ended_by").asText(),
        data.path("handed_out").asBoolean(true),
        data.path("deactivated_time").asText(),
        data.path("deleted_time").asText(),
        data.path("found_deleted").asBoolean());
  }

  /** Returns who asked for it, by members. */
  Map<String, String> asker() {
    var asker = new LinkedHashMap<String, String>();
    asker.put("display_name", displayName);
    asker.put("entity_id", entityId);
    return asker;
  }

  /** Returns what became of it, in words. */
  String end() {
    return deleted.isEmpty() ? "not gone yet" : foundDeleted ? "found deleted" : "deleted";
  }
}
