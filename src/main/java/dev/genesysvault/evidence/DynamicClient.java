package dev.genesysvault.evidence;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One client of {@code creds/<role>} that is gone, as {@code decommissioned/<day>/<id>} shows it.
 * Times are texts as Vault has them; empty for none.
 */
record DynamicClient(
    String id,
    String role,
    String clientId,
    String displayName,
    String entityId,
    String issued,
    String endedBy,
    String deactivated,
    String deleted) {

  static DynamicClient of(String id, JsonNode data) {
    return new DynamicClient(
        id,
        data.path("role").asText(),
        data.path("client_id").asText(),
        data.path("display_name").asText(),
        data.path("entity_id").asText(),
        data.path("issued_time").asText(),
        data.path("ended_by").asText(),
        data.path("deactivated_time").asText(),
        data.path("deleted_time").asText());
  }
}
