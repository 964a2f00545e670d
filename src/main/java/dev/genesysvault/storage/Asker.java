package dev.genesysvault.storage;

import dev.genesysvault.domain.Texts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Part of documents: who asked for something, as Vault told it. Each text is cut at {@link
 * #LONGEST}.
 *
 * @param wish what was asked for, in one word
 * @param displayName Vault's display name of the token
 * @param entityId Vault's entity of the token; empty for none
 * @param requestId Vault's id of the request, by which its audit log has it
 * @param time when it was asked for
 * @param unknown members of a later version
 */
public record Asker(
    String wish,
    String displayName,
    String entityId,
    String requestId,
    Instant time,
    Map<String, Object> unknown) {
  /** Characters of a display name, an entity or a request id that are kept. */
  public static final int LONGEST = 256;

  /** Cuts what is too long. */
  public Asker {
    displayName = Texts.cut(displayName, LONGEST);
    entityId = Texts.cut(entityId, LONGEST);
    requestId = Texts.cut(requestId, LONGEST);
  }

  /** Makes one of this version. */
  public Asker(String wish, String displayName, String entityId, String requestId, Instant time) {
    this(wish, displayName, entityId, requestId, time, Map.of());
  }

  /** Returns the same one, who asked for something else. */
  public Asker of(String another) {
    return new Asker(another, displayName, entityId, requestId, time, unknown);
  }

  static Asker read(Members members) {
    return new Asker(
        members.textOr("wish", ""),
        members.textOr("display_name", ""),
        members.textOr("entity_id", ""),
        members.textOr("request_id", ""),
        members.instant("time").orElse(Instant.EPOCH),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("wish", wish);
    members.put("display_name", displayName);
    members.put("entity_id", entityId);
    members.put("request_id", requestId);
    members.put("time", time.toString());
    members.putAll(unknown);
    return members;
  }
}
