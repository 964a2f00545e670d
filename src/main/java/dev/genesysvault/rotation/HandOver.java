package dev.genesysvault.rotation;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.Release;
import dev.genesysvault.storage.RetiredClient;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Hands a static role's former client over to whoever ends clients: writes the record by which the
 * background session deactivates and deletes it, however long that takes.
 */
final class HandOver {
  private final ClientRecords records;
  private final Time time;
  private final Duration overdue;

  /**
   * Makes one.
   *
   * @param overdue after this long, a client that is not gone is reported
   */
  HandOver(ClientRecords records, Time time, Duration overdue) {
    this.records = records;
    this.time = time;
    this.overdue = overdue;
  }

  /**
   * Writes down that a generation has to go; where its client is not known, that whatever turns up
   * under its name has to. Safe to repeat.
   *
   * @param credential whose generation it is
   * @throws IllegalStateException if readers get that very client
   */
  void retire(String role, StaticClient generation, StaticCredential credential)
      throws InterruptedException {
    retire(role, generation, credential, false);
  }

  private void retire(
      String role, StaticClient generation, StaticCredential credential, boolean leaked)
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
        var record =
            record(role, generation).endedBy(RotationHistory.endedBy(generation, credential));
        records.put(generation.key(), leaked ? record.leaked() : record);
      }
    }
  }

  /**
   * Hands the previous client over to its end; returns the credential as it is to be stored.
   *
   * @param leaked whether its end comes before every other
   */
  StaticCredential retirePrevious(
      String role, StaticCredential credential, boolean leaked, Instant now)
      throws InterruptedException {
    var previous = credential.previous();
    return credential.with(
        previous == null ? _ -> {} : retired(role, previous, credential, leaked, now),
        draft -> {
          draft.phase = Phase.IDLE;
          draft.previous = null;
          draft.graceEnd = null;
          draft.run = null;
        });
  }

  /** Hands the current client over to its end, so that there is none for now. */
  StaticCredential retireCurrent(String role, StaticCredential credential, Instant now)
      throws InterruptedException {
    var current = credential.current();
    if (current == null) {
      return credential;
    }
    return credential.with(
        retired(role, current, credential, credential.emergency(), now),
        draft -> {
          draft.current = null;
          // What it was is what its successor will be.
          draft.previous = current.withoutSecret();
        });
  }

  private Consumer<StaticCredential.Draft> retired(
      String role,
      StaticClient generation,
      StaticCredential credential,
      boolean leaked,
      Instant now)
      throws InterruptedException {
    var id = generation.clientId();
    if (id == null) {
      return _ -> {};
    }
    if (generation.kept() && !credential.emergency()) {
      var released = credential.releasing(release(generation, id, now));
      return draft -> {
        draft.history = changed(credential.history(), id, past -> past.releasedAt(now));
        draft.releases = released.releases();
      };
    }
    retire(role, generation, credential, leaked);
    var retired = new ArrayList<>(credential.retired());
    retired.add(new RetiredClient(generation.key(), id, now, now.plus(overdue)));
    return draft -> draft.retired = retired;
  }

  /** Returns the history once a former client is gone. */
  static List<PastRotation> ended(
      List<PastRotation> history, @Nullable ClientId from, Instant now) {
    return changed(history, from, past -> past.endedAt(now));
  }

  private static List<PastRotation> changed(
      List<PastRotation> history, @Nullable ClientId from, UnaryOperator<PastRotation> change) {
    return history.stream()
        .map(past -> from != null && from.equals(past.from()) ? change.apply(past) : past)
        .toList();
  }

  /** Returns what lets a client go that nobody ends. */
  static Release release(StaticClient generation, ClientId id, Instant now) {
    return new Release(id, generation.organizationId(), now, false, Map.of());
  }

  private ClientRecord record(String role, StaticClient generation) {
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
