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
 * The document of one client: written before the client is asked for, removed after it is gone, and
 * the way to find it after a crash. Holds no secret.
 *
 * @param names every name under which it was asked for, the latest last; never empty
 * @param clientId null until Genesys' answer is known, and again once that client is gone while
 *     another one may still turn up under one of the names
 * @param organizationId where it lives
 * @param role the role that it was made for
 * @param body with which it was asked for, for the PUT that deactivates it; without members where
 *     only Genesys knows it
 * @param created when it was announced
 * @param attempted when the latest name was announced
 * @param deadline when it is decommissioned, lease or not; null until it is issued
 * @param deactivated when it was seen to log in no more; null where that was not seen, or not kept
 * @param lastError why it is stuck, or what its revoke met; empty for nothing
 * @param displayName Vault's display name of the reader's token
 * @param entityId Vault's entity of the reader; empty for none
 * @param urgent whether it leaked, so that its end comes before every other
 * @param leaving since when it is to go; null while it is not, or where a former version wrote it
 * @param endedBy what ends it, for whoever audits: of a static role's former client the id of its
 *     rotation below {@code history/}, of another one a word, {@link #OPEN} until something does;
 *     empty where nothing is told of its end
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
    Instant attempted,
    @Nullable Instant deadline,
    @Nullable Instant deactivated,
    String lastError,
    String displayName,
    String entityId,
    boolean urgent,
    @Nullable Instant leaving,
    String endedBy,
    Map<String, Object> unknown) {

  /** What ends a client of whose end is to be told, while nothing does. */
  public static final String OPEN = "open";

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
    DYNAMIC,
    /** A former client of a static role. */
    STATIC
  }

  /** Copies the names. */
  public ClientRecord {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names is empty");
    }
  }

  /** Makes one that is not urgent. */
  public ClientRecord(
      State state,
      Kind kind,
      List<ClientName> names,
      @Nullable ClientId clientId,
      String organizationId,
      String role,
      ClientBody body,
      Instant created,
      Instant attempted,
      @Nullable Instant deadline,
      @Nullable Instant deactivated,
      String lastError,
      String displayName,
      String entityId,
      Map<String, Object> unknown) {
    this(
        state,
        kind,
        names,
        clientId,
        organizationId,
        role,
        body,
        created,
        attempted,
        deadline,
        deactivated,
        lastError,
        displayName,
        entityId,
        false,
        null,
        "",
        unknown);
  }

  /** Returns the name of the latest attempt. */
  public ClientName latestName() {
    return names.getLast();
  }

  /**
   * Whether a client that nobody knows of may carry one of the names: the answer to a create was
   * lost.
   */
  public boolean mayHaveStrays() {
    return names.size() > 1 || deadline == null;
  }

  /** Returns this record with one more attempt, under another name. */
  public ClientRecord retriedAs(ClientName name, Instant now) {
    var changed = new ClientRecordDraft(this);
    changed.names = withName(name);
    changed.attempted = now;
    return changed.record();
  }

  /** Returns this record as one that asks anew, under another name: its client is no good. */
  public ClientRecord restartedAs(ClientName name, Instant now) {
    var changed = new ClientRecordDraft(this);
    changed.state = State.CREATING;
    changed.names = withName(name);
    changed.attempted = now;
    changed.clientId = null;
    changed.deadline = null;
    return changed.record();
  }

  /** Returns this record, of a client that is handed out until {@code end}. */
  public ClientRecord issued(ClientId id, Instant end) {
    var changed = new ClientRecordDraft(this);
    changed.state = State.ISSUED;
    changed.clientId = id;
    changed.deadline = end;
    return changed.record();
  }

  /** Returns this record with another deadline. */
  public ClientRecord dueAt(Instant end) {
    var changed = new ClientRecordDraft(this);
    changed.deadline = end;
    return changed.record();
  }

  /**
   * Returns this record, of a client that is on its way out.
   *
   * @param error what was met so far; empty for nothing
   */
  public ClientRecord retiring(String error) {
    var changed = new ClientRecordDraft(this);
    changed.state = State.RETIRING;
    changed.lastError = error;
    return changed.record();
  }

  /** Returns this record, of a client that cannot be brought out before a person has acted. */
  public ClientRecord stuck(String reason) {
    var changed = new ClientRecordDraft(this);
    changed.state = State.STUCK;
    changed.lastError = reason;
    return changed.record();
  }

  /** Returns this record, of a client that leaked. */
  public ClientRecord leaked() {
    var changed = new ClientRecordDraft(this);
    changed.urgent = true;
    return changed.record();
  }

  /** Returns this record as it is written at a time: with since when its client is to go. */
  public ClientRecord writtenAt(Instant now) {
    var changed = new ClientRecordDraft(this);
    boolean leaves = state == State.RETIRING || state == State.STUCK;
    changed.leaving = !leaves ? null : leaving == null ? now : leaving;
    return changed.record();
  }

  /** Returns this record, of whose client's end {@code decommissioned/} is to be told. */
  public ClientRecord attributed() {
    return with(OPEN);
  }

  /**
   * Returns this record, of a client that is ended by that, unless something else has before. Of
   * one that is no static role's, nothing is told unless it was {@link #attributed}.
   */
  public ClientRecord endedBy(String what) {
    return endedBy.equals(kind == Kind.STATIC ? "" : OPEN) ? with(what) : this;
  }

  /** Returns this record, of a client that nobody has got. */
  public ClientRecord takenBack() {
    return kind == Kind.DYNAMIC ? endedBy(DecommissionedClient.TAKEN_BACK) : this;
  }

  private ClientRecord with(String what) {
    var changed = new ClientRecordDraft(this);
    changed.endedBy = what;
    return changed.record();
  }

  /** Returns this record, of a client that was seen to log in no more. */
  public ClientRecord deactivatedAt(Instant now) {
    var changed = new ClientRecordDraft(this);
    changed.deactivated = now;
    return changed.record();
  }

  /** Returns this record, of a client that turned up at Genesys with one of the names. */
  public ClientRecord found(ClientId id, ClientBody as) {
    var changed = new ClientRecordDraft(this);
    changed.state = State.RETIRING;
    changed.clientId = id;
    changed.body = as;
    changed.deactivated = null;
    return changed.record();
  }

  /** Returns this record, whose client is gone while another may turn up with one of the names. */
  public ClientRecord searching() {
    var changed = new ClientRecordDraft(this);
    changed.state = State.RETIRING;
    changed.clientId = null;
    changed.deactivated = null;
    changed.lastError = "";
    if (kind == Kind.DYNAMIC && !endedBy.isEmpty()) {
      // What turns up from now on is not what was handed out.
      changed.endedBy = DecommissionedClient.STRAY;
    }
    return changed.record();
  }

  private List<ClientName> withName(ClientName name) {
    var all = new ArrayList<>(names);
    all.add(name);
    return all;
  }

  static final Codec<ClientRecord> CODEC =
      new Codec<>() {
        @Override
        public ClientRecord read(Members members) {
          var clientId = members.textOr("client_id", "");
          var created =
              members
                  .instant("created")
                  .orElseThrow(() -> new IllegalArgumentException("created is missing"));
          return new ClientRecord(
              members.choice("state", text -> State.valueOf(text.toUpperCase(Locale.ROOT))),
              members.choice("kind", text -> Kind.valueOf(text.toUpperCase(Locale.ROOT))),
              members.texts("names").stream().map(ClientName::new).toList(),
              clientId.isEmpty() ? null : new ClientId(clientId),
              members.text("organization_id"),
              members.textOr("role", ""),
              new ClientBody(members.object("body")),
              created,
              members.instant("attempted").orElse(created),
              members.instant("deadline").orElse(null),
              members.instant("deactivated").orElse(null),
              members.textOr("last_error", ""),
              members.textOr("display_name", ""),
              members.textOr("entity_id", ""),
              members.flag("urgent"),
              members.instant("leaving").orElse(null),
              members.textOr("ended_by", ""),
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
          members.put("attempted", client.attempted.toString());
          put(members, "deadline", client.deadline);
          put(members, "deactivated", client.deactivated);
          if (!client.lastError.isEmpty()) {
            members.put("last_error", client.lastError);
          }
          members.put("display_name", client.displayName);
          members.put("entity_id", client.entityId);
          if (client.urgent) {
            members.put("urgent", true);
          }
          put(members, "leaving", client.leaving);
          if (!client.endedBy.isEmpty()) {
            members.put("ended_by", client.endedBy);
          }
          members.putAll(client.unknown);
        }

        private static void put(
            Map<String, Object> members, String name, @Nullable Instant instant) {
          if (instant != null) {
            members.put(name, instant.toString());
          }
        }
      };
}
