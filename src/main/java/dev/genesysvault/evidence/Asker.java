package dev.genesysvault.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who asked for a rotation, as {@code asked_by} of {@code history/<role>/<id>} shows it. */
record Asker(String wish, String displayName, String entityId, String requestId, String time) {
  static Asker of(JsonNode asker) {
    return new Asker(
        asker.path("wish").asText(),
        asker.path("display_name").asText(),
        asker.path("entity_id").asText(),
        asker.path("request_id").asText(),
        asker.path("time").asText());
  }

  /** Returns a sentence that no name can make look like another one, or like two. */
  String sentence() {
    return "%s by %s at %s, entity %s, request %s"
        .formatted(
            wish, Shown.quoted(displayName), time, Shown.quoted(entityId), Shown.quoted(requestId));
  }

  /** Returns its members, for a cell that is read by programs. */
  Map<String, String> members() {
    var members = new LinkedHashMap<String, String>();
    members.put("wish", wish);
    members.put("display_name", displayName);
    members.put("entity_id", entityId);
    members.put("request_id", requestId);
    members.put("time", time);
    return members;
  }
}
