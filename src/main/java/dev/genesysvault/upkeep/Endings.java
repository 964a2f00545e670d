package dev.genesysvault.upkeep;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.history.Ending;
import dev.genesysvault.history.Ending.How;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.work.Holds.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the history when clients that it is about were deactivated and deleted: before the record
 * goes, so that whoever repeats a step after a kill tells it again. The record's lock is held. When
 * a client was deactivated is in memory until then, unless its record says it: after a restart,
 * what is told is when it was seen again.
 */
final class Endings {
  private final ClientRecords records;
  private final Delays delays;
  private final Time time;
  private final Instant opened;

  Endings(ClientRecords records, Delays delays, Time time) {
    this.records = records;
    this.delays = delays;
    this.time = time;
    this.opened = time.now();
  }

  private @Nullable Instant deactivated(ClientKey key, ClientRecord client) {
    var kept = client.deactivated();
    return records
        .clientQueue()
        .of(key)
        .flatMap(ClientSnapshot::deactivated)
        .filter(seen -> kept == null || seen.isBefore(kept))
        .orElse(kept);
  }

  /** Tells that a client logs in no more, and that Genesys does not delete it yet. */
  void resting(ClientKey key, ClientRecord client) throws InterruptedException {
    tell(key, client, null, How.DELETED);
  }

  /**
   * Tells that a client is gone.
   *
   * @param found whether it was so before anything was done to it
   */
  void gone(ClientKey key, ClientRecord client, boolean found) throws InterruptedException {
    tell(key, client, time.now(), found ? How.FOUND_DELETED : How.DELETED);
  }

  private void tell(ClientKey key, ClientRecord client, @Nullable Instant deleted, How how)
      throws InterruptedException {
    if (deleted != null) {
      boolean found = how == How.FOUND_DELETED;
      records.history().tell(key, client, deactivated(key, client), deleted, found);
    }
    var former = client.clientId();
    if (client.kind() != Kind.STATIC || client.endedBy().isEmpty() || former == null) {
      return;
    }
    var begun = client.deadline();
    var held = begun == null ? Optional.<Hold>empty() : heldUp(key, client, begun);
    records
        .history()
        .tell(
            client.role(),
            client.endedBy(),
            new Ending(
                former,
                client.deadline(),
                deactivated(key, client),
                deleted,
                how,
                delays.overdue(),
                held,
                opened));
  }

  /** What was met of one client lasts until it was told; what all of them met is known better. */
  private Optional<Hold> heldUp(ClientKey key, ClientRecord client, Instant begun) {
    var queue = records.clientQueue();
    var ofAll = queue.status().holds().longest(begun, time.now());
    var met =
        Optional.of(client.lastError())
            .filter(error -> !error.isEmpty())
            .or(() -> queue.of(key).map(ClientSnapshot::lastError))
            .filter(error -> !error.isEmpty());
    var since = opened.isAfter(begun) ? opened : begun;
    var length = Duration.between(since, time.now());
    return ofAll.isPresent() && ofAll.get().length().multipliedBy(2).compareTo(length) >= 0
        ? ofAll
        : met.map(why -> new Hold(length, why)).or(() -> ofAll);
  }
}
