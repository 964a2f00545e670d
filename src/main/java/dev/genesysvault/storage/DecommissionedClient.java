package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A document of {@code decommissioned/<hour>/}: one client of {@code creds/<role>} that is gone,
 * for whoever audits.
 *
 * @param role for which it was made
 * @param displayName Vault's display name of the token that asked for it
 * @param entityId Vault's entity of that token; empty for none
 * @param issued when it was announced
 * @param endedBy what ended it, in one word, such as {@link #REVOKE}
 * @param deactivated by when Genesys had deactivated it; null where nobody saw that
 * @param deleted by when it was deleted, or found so
 * @param foundDeleted whether Genesys did not have it any more when it was to be ended
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
    boolean foundDeleted,
    Map<String, Object> unknown) {
  /** Its lease ended or was revoked. */
  public static final String REVOKE = "revoke";

  /** No lease ended it in time. */
  public static final String DEADLINE = "deadline";

  /** The mount was drained. */
  public static final String DRAIN = "drain";

  /** Its issue failed, so that nobody got it. */
  public static final String TAKEN_BACK = "taken_back";

  /** It was made beside the one of its issue, by an attempt whose answer was lost. */
  public static final String STRAY = "stray";

  private static final Set<String> NEVER_HANDED_OUT = Set.of(TAKEN_BACK, STRAY, ClientRecord.OPEN);

  /** Whether whoever asked for it got it, as far as is known. */
  public boolean handedOut() {
    return !NEVER_HANDED_OUT.contains(endedBy);
  }

  /** Returns what is told of a record's client. */
  public static DecommissionedClient of(
      ClientId id,
      ClientRecord client,
      @Nullable Instant deactivated,
      Instant deleted,
      boolean foundDeleted) {
    return new DecommissionedClient(
        id,
        client.role(),
        client.displayName(),
        client.entityId(),
        client.created(),
        client.endedBy(),
        deactivated,
        deleted,
        foundDeleted,
        Map.of());
  }

  /**
   * Returns what an earlier write of the same client's end knew, with what this one adds: whoever
   * repeats a step after a kill sees less than who did it.
   */
  public DecommissionedClient after(DecommissionedClient before) {
    return new DecommissionedClient(
        clientId,
        before.role,
        before.displayName,
        before.entityId,
        before.issued,
        before.endedBy,
        before.deactivated == null && !foundDeleted ? deactivated : before.deactivated,
        before.deleted,
        before.foundDeleted,
        before.unknown);
  }

  /** Returns this client as one that another one of the same issue has the place of. */
  public DecommissionedClient stray() {
    return new DecommissionedClient(
        clientId,
        role,
        displayName,
        entityId,
        issued,
        STRAY,
        deactivated,
        deleted,
        foundDeleted,
        unknown);
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
              members.flag("found_deleted"),
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
          if (client.foundDeleted) {
            members.put("found_deleted", true);
          }
          members.putAll(client.unknown);
        }
      };
}
