package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What storage knows of one client: written before the client is asked for, removed after it is
 * gone, and the way to find it after a crash. Holds no secret.
 *
 * @param names every name under which it was asked for, the latest last; never empty
 * @param clientId null until Genesys' answer is known
 * @param organizationId where it lives
 * @param role the role that it was made for
 * @param body with which it was asked for, for the PUT that deactivates it
 * @param created when it was announced
 * @param deadline when it is decommissioned, lease or not; null until it is issued
 * @param displayName Vault's display name of the reader's token
 * @param entityId Vault's entity of the reader; empty for none
 * @param unknown members of a later version
 */
public record ClientRecord(
    State state,
    Kind kind,
    List<ClientName> names,
    @Nullable ClientId clientId,
    String organizationId,
    String role,
    ClientBody body,
    Instant created,
    @Nullable Instant deadline,
    String displayName,
    String entityId,
    Map<String, Object> unknown) {

  /** Where a client stands in its life. */
  public enum State {
    /** Announced; nobody knows yet whether it exists. */
    CREATING,
    /** Handed out. */
    ISSUED,
    /** To be deactivated and deleted. */
    RETIRING,
    /** To be deactivated and deleted, which needs a person first. */
    STUCK
  }

  /** What a client is for. */
  public enum Kind {
    /** Made by {@code creds/<role>}. */
    DYNAMIC
  }

  /** Copies the names. */
  public ClientRecord {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names is empty");
    }
  }

  /** Returns the name of the latest attempt. */
  public ClientName latestName() {
    return names.getLast();
  }

  /** Returns this record with one more attempt, under another name. */
  public ClientRecord retriedAs(ClientName name) {
    var all = new ArrayList<>(names);
    all.add(name);
    return copy(state, all, clientId, deadline);
  }

  /** Returns this record as one that asks anew, under another name: its client is no good. */
  public ClientRecord restartedAs(ClientName name) {
    var all = new ArrayList<>(names);
    all.add(name);
    return copy(State.CREATING, all, null, null);
  }

  /** Returns this record, of a client that is on its way out. */
  public ClientRecord retiring() {
    return copy(State.RETIRING, names, clientId, deadline);
  }

  /** Returns this record, of a client that is handed out until {@code end}. */
  public ClientRecord issued(ClientId id, Instant end) {
    return copy(State.ISSUED, names, id, end);
  }

  /** Returns this record with another deadline. */
  public ClientRecord dueAt(Instant end) {
    return copy(state, names, clientId, end);
  }

  private ClientRecord copy(
      State newState,
      List<ClientName> newNames,
      @Nullable ClientId newClientId,
      @Nullable Instant newDeadline) {
    return new ClientRecord(
        newState,
        kind,
        newNames,
        newClientId,
        organizationId,
        role,
        body,
        created,
        newDeadline,
        displayName,
        entityId,
        unknown);
  }

  static final Codec<ClientRecord> CODEC =
      new Codec<>() {
        @Override
        public ClientRecord read(Members members) {
          var clientId = members.textOr("client_id", "");
          return new ClientRecord(
              members.choice("state", text -> State.valueOf(text.toUpperCase(Locale.ROOT))),
              members.choice("kind", text -> Kind.valueOf(text.toUpperCase(Locale.ROOT))),
              members.texts("names").stream().map(ClientName::new).toList(),
              clientId.isEmpty() ? null : new ClientId(clientId),
              members.text("organization_id"),
              members.textOr("role", ""),
              new ClientBody(members.object("body")),
              members
                  .instant("created")
                  .orElseThrow(() -> new IllegalArgumentException("created is missing")),
              members.instant("deadline").orElse(null),
              members.textOr("display_name", ""),
              members.textOr("entity_id", ""),
              members.rest());
        }

        @Override
        public void write(ClientRecord client, Map<String, Object> members) {
          members.put("state", client.state.name().toLowerCase(Locale.ROOT));
          members.put("kind", client.kind.name().toLowerCase(Locale.ROOT));
          members.put("names", client.names.stream().map(ClientName::value).toList());
          if (client.clientId != null) {
            members.put("client_id", client.clientId.value());
          }
          members.put("organization_id", client.organizationId);
          members.put("role", client.role);
          members.put("body", client.body.members());
          members.put("created", client.created.toString());
          if (client.deadline != null) {
            members.put("deadline", client.deadline.toString());
          }
          members.put("display_name", client.displayName);
          members.put("entity_id", client.entityId);
          members.putAll(client.unknown);
        }
      };
}
