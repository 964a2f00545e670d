package dev.genesysvault.engine;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.storage.ClientRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a lease of {@code creds/<role>} carries in Vault: all that its renewal and its revocation
 * need, whatever became of role and record. Holds no secret. Everything is text, since numbers lose
 * precision on their way through Vault.
 *
 * @param ttl that a renewal grants where its caller asks for nothing
 */
record LeaseData(ClientKey key, ClientId clientId, String organizationId, Mark mark, Duration ttl) {
  /** SecretType.id of the descriptor. */
  static final String SECRET_TYPE = "oauth_client";

  static Map<String, Object> of(
      ClientKey key, ClientId id, ClientRecord client, Mark mark, Duration ttl) {
    var data = new LinkedHashMap<String, Object>();
    data.put("key", key.value());
    data.put("client_id", id.value());
    data.put("organization_id", client.organizationId());
    data.put("names", client.names().stream().map(ClientName::value).toList());
    data.put("mark", mark.value());
    data.put("ttl_seconds", Long.toString(ttl.toSeconds()));
    return data;
  }

  /** Reads what Vault kept; fails where it is not what {@link #of} made. */
  static LeaseData read(Map<String, Object> data) {
    try {
      return new LeaseData(
          new ClientKey(text(data, "key")),
          new ClientId(text(data, "client_id")),
          text(data, "organization_id"),
          new Mark(text(data, "mark")),
          Duration.ofSeconds(Long.parseLong(text(data, "ttl_seconds"))));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          500, "the lease's internal data cannot be read: " + e.getMessage());
    }
  }

  private static String text(Map<String, Object> data, String member) {
    if (data.get(member) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new IllegalArgumentException(member + " is missing");
  }
}
