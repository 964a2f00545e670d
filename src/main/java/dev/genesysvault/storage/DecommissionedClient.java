package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document of {@code decommissioned/<hour>/}: one client of {@code creds/<role>} that is gone,
 * for whoever audits.
 *
 * @param role for which it was made
 * @param displayName Vault's display name of the reader's token
 * @param entityId Vault's entity of the reader; empty for none
 * @param issued when it was announced
 * @param endedBy what ended it, in one word
 * @param deactivated by when Genesys had deactivated it; null where nobody saw that
 * @param deleted by when it was deleted
 * @param unknown members of a later version
 */
public record DecommissionedClient(
    ClientId clientId,
    String role,
    String displayName,
    String entityId,
    Instant issued,
    String endedBy,
    @Nullable Instant deactivated,
    Instant deleted,
    Map<String, Object> unknown) {

  /** Returns what is told of a record's client. */
  public static DecommissionedClient of(
      ClientId id, ClientRecord client, @Nullable Instant deactivated, Instant deleted) {
    return new DecommissionedClient(
        id,
        client.role(),
        client.displayName(),
        client.entityId(),
        client.created(),
        client.endedBy(),
        deactivated,
        deleted,
        Map.of());
  }

  static final Codec<DecommissionedClient> CODEC =
      new Codec<>() {
        @Override
        public DecommissionedClient read(Members members) {
          return new DecommissionedClient(
              new ClientId(members.text("client_id")),
              members.textOr("role", ""),
              members.textOr("display_name", ""),
              members.textOr("entity_id", ""),
              members.instant("issued").orElse(Instant.EPOCH),
              members.textOr("ended_by", ""),
              members.instant("deactivated").orElse(null),
              members.instant("deleted").orElse(Instant.EPOCH),
              members.rest());
        }

        @Override
        public void write(DecommissionedClient client, Map<String, Object> members) {
          members.put("client_id", client.clientId.value());
          members.put("role", client.role);
          members.put("display_name", client.displayName);
          members.put("entity_id", client.entityId);
          members.put("issued", client.issued.toString());
          members.put("ended_by", client.endedBy);
          if (client.deactivated != null) {
            members.put("deactivated", client.deactivated.toString());
          }
          members.put("deleted", client.deleted.toString());
          members.putAll(client.unknown);
        }
      };
}
