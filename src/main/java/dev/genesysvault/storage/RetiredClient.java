package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Part of a static credential's document: a former client that is on its way out; the record of its
 * key sees to that.
 *
 * @param retired when that record was written
 * @param finishBy when it must be gone, or somebody has to look
 * @param unknown members of a later version
 */
public record RetiredClient(
    ClientKey key,
    ClientId clientId,
    Instant retired,
    Instant finishBy,
    Map<String, Object> unknown) {

  /** Makes one of this version. */
  public RetiredClient(ClientKey key, ClientId clientId, Instant retired, Instant finishBy) {
    this(key, clientId, retired, finishBy, Map.of());
  }

  static RetiredClient read(Members members) {
    return new RetiredClient(
        new ClientKey(members.text("key")),
        new ClientId(members.text("client_id")),
        members.instant("retired").orElse(Instant.EPOCH),
        members.instant("finish_by").orElse(Instant.EPOCH),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("key", key.value());
    members.put("client_id", clientId.value());
    members.put("retired", retired.toString());
    members.put("finish_by", finishBy.toString());
    members.putAll(unknown);
    return members;
  }
}
