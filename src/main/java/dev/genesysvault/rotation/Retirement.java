package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.lifecycle.ClientRecords;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.Generation;
import dev.genesysvault.storage.StaticCredential;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands a generation over to whoever ends clients: writes the record by which the background
 * session deactivates and deletes it, however long that takes.
 */
final class Retirement {
  private final ClientRecords records;
  private final Time time;

  Retirement(ClientRecords records, Time time) {
    this.records = records;
    this.time = time;
  }

  /**
   * Writes down that a generation has to go; where its client is not known, that whatever turns up
   * under its name has to. Safe to repeat.
   *
   * @param credential whose generation it is
   * @throws IllegalStateException if readers get that very client
   */
  void retire(String role, Generation generation, StaticCredential credential)
      throws InterruptedException {
    var current = credential.current();
    if (current != null
        && !current.key().equals(generation.key())
        && current.clientId() != null
        && current.clientId().equals(generation.clientId())) {
      throw new IllegalStateException(
          "client %s of static role %s is current and must not be retired"
              .formatted(generation.clientId(), role));
    }
    try (var _ = records.lock(generation.key())) {
      if (records.get(generation.key()).isEmpty()) {
        records.put(generation.key(), record(role, generation));
      }
    }
  }

  private ClientRecord record(String role, Generation generation) {
    @Nullable ClientId id = generation.clientId();
    // A deadline says that no answer to a create was lost.
    @Nullable Instant deadline = id == null ? null : time.now();
    return new ClientRecord(
        State.RETIRING,
        Kind.STATIC,
        List.of(generation.name()),
        id,
        generation.organizationId(),
        role,
        generation.body(),
        generation.announced(),
        generation.announced(),
        deadline,
        null,
        "",
        "",
        "",
        Map.of());
  }
}
