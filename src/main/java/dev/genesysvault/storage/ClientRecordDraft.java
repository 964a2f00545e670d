package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A copy of a record under change. */
final class ClientRecordDraft {
  private final ClientRecord before;
  State state;
  List<ClientName> names;
  @Nullable ClientId clientId;
  ClientBody body;
  Instant attempted;
  @Nullable Instant deadline;
  @Nullable Instant deactivated;
  String lastError;
  boolean urgent;
  @Nullable Instant leaving;
  String endedBy;

  ClientRecordDraft(ClientRecord before) {
    this.before = before;
    this.state = before.state();
    this.names = before.names();
    this.clientId = before.clientId();
    this.body = before.body();
    this.attempted = before.attempted();
    this.deadline = before.deadline();
    this.deactivated = before.deactivated();
    this.lastError = before.lastError();
    this.urgent = before.urgent();
    this.leaving = before.leaving();
    this.endedBy = before.endedBy();
  }

  ClientRecord record() {
    return new ClientRecord(
        state,
        before.kind(),
        names,
        clientId,
        before.organizationId(),
        before.role(),
        body,
        before.created(),
        attempted,
        deadline,
        deactivated,
        lastError,
        before.displayName(),
        before.entityId(),
        urgent,
        leaving,
        endedBy,
        before.unknown());
  }
}
