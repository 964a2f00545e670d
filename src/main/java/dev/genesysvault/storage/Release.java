package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Part of a static credential's document: a client that is nobody's of this mount's (any more), and
 * may carry its mark at Genesys: it gets back what it was called before.
 *
 * @param organizationId where it lives
 * @param notBefore when nobody can mark it any more
 * @param adopting whether it was to be adopted, which did not come to its end
 * @param unknown members of a later version
 */
public record Release(
    ClientId clientId,
    String organizationId,
    Instant notBefore,
    boolean adopting,
    Map<String, Object> unknown) {

  static Release read(Members members) {
    return new Release(
        new ClientId(members.text("client_id")),
        members.text("organization_id"),
        members.instant("not_before").orElse(Instant.EPOCH),
        members.flag("adopting"),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("client_id", clientId.value());
    members.put("organization_id", organizationId);
    members.put("not_before", notBefore.toString());
    members.put("adopting", adopting);
    members.putAll(unknown);
    return members;
  }
}
