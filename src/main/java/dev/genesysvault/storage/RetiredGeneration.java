package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import java.time.Instant;
import java.util.Map;

/**
 * A former client that is on its way out: the record of its key sees to that.
 *
 * @param retired when that record was written
 * @param finishBy when it must be gone, or somebody has to look
 */
public record RetiredGeneration(
    ClientKey key, ClientId clientId, Instant retired, Instant finishBy) {

  static RetiredGeneration read(Members members) {
    return new RetiredGeneration(
        new ClientKey(members.text("key")),
        new ClientId(members.text("client_id")),
        members.instant("retired").orElse(Instant.EPOCH),
        members.instant("finish_by").orElse(Instant.EPOCH));
  }

  Map<String, Object> members() {
    return Map.of(
        "key", key.value(),
        "client_id", clientId.value(),
        "retired", retired.toString(),
        "finish_by", finishBy.toString());
  }
}
