package dev.genesysvault.history;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.DecommissionedClient;
import dev.genesysvault.storage.Entry;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rotations of one mount's static roles, as long as a stream lends the storage: one document
 * each, which whoever repeats a step after a kill writes again. Its lock comes after every other.
 */
public final class History {
  /** Rotations kept of a static role, however few days they are old. */
  public static final int MOST = 1_000;

  /** An hour may have thousands of them. */
  private static final int MOST_CLIENTS_LOOKED_AT = 200;

  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private final String mountUuid;
  private final MountStorage storage;
  private final EntryLocks locks;

  /** Opens the history of a mount. */
  public History(String mountUuid, MountStorage storage, EntryLocks locks) {
    this.mountUuid = mountUuid;
    this.storage = storage;
    this.locks = locks;
  }

  /**
   * Writes down a rotation, over what is known of it already, and removes what is kept for too long
   * beside it. Writes nothing where the mount keeps no history. Safe to repeat.
   *
   * @param now as the clock has it
   */
  public void tell(String role, String id, RecordedRotation rotation, Instant now)
      throws InterruptedException {
    int days = keeping().days();
    if (days == 0) {
      return;
    }
    try (var _ = locks.lock(mountUuid, "history/" + role)) {
      var folder = storage.history(role);
      change(folder, id, known -> Optional.of(known.map(rotation::over).orElse(rotation)));
      var _ = Tidying.ofRotations(folder, Duration.ofDays(days), now, "");
    }
  }

  /**
   * Writes down what became of a former client, with what is known of the rotation that took it
   * from readers, or before that is known. Safe to repeat.
   *
   * @param id of that rotation
   */
  public void tell(String role, String id, Ending ending) throws InterruptedException {
    if (keeping().days() == 0) {
      return;
    }
    try (var _ = locks.lock(mountUuid, "history/" + role)) {
      change(storage.history(role), id, known -> known.or(() -> ending.alone(id)).map(ending::in));
    }
  }

  /**
   * Writes down that a client of {@code creds/} is gone, where its record says that this is to be
   * told; before the record goes, whose lock this task holds. Safe to repeat. One that turns up
   * beside another one of its issue has a document of its own.
   *
   * @param deactivated by when Genesys had deactivated it; null where nobody saw that
   * @param found whether Genesys did not have it any more when it was to be ended
   */
  public void tell(
      ClientKey key,
      ClientRecord client,
      @Nullable Instant deactivated,
      Instant deleted,
      boolean found)
      throws InterruptedException {
    var id = client.clientId();
    if (client.kind() == ClientRecord.Kind.STATIC || client.endedBy().isEmpty() || id == null) {
      return;
    }
    if (keeping().days() == 0) {
      return;
    }
    var told = DecommissionedClient.of(id, client, deactivated, deleted, found);
    var folder = storage.decommissioned(HistoryIds.hour(client.created()));
    var place = HistoryIds.of(client.created(), key);
    var besides = "%s-%s".formatted(place, id);
    if (client.endedBy().equals(DecommissionedClient.STRAY) || !isOf(id, folder.entry(place))) {
      change(
          folder,
          besides,
          known -> Optional.of(known.map(told.stray()::after).orElse(told.stray())));
    } else {
      change(folder, place, known -> Optional.of(known.map(told::after).orElse(told)));
    }
  }

  /** Whether a document is that client's, or may become it. */
  private static boolean isOf(ClientId id, Entry<DecommissionedClient> entry)
      throws InterruptedException {
    try {
      return entry.get().map(known -> known.clientId().equals(id)).orElse(true);
    } catch (StorageException e) {
      if (e.kind() == Kind.UNREADABLE) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Removes some of what is kept for too long of the clients that were made in an hour.
   *
   * @param after where the last look ended; empty for the beginning
   */
  Tidying.Looked tidyHour(String hour, Instant now, String after) throws InterruptedException {
    var keep = Duration.ofDays(keeping().days());
    var over = HistoryIds.beginOf(hour).map(begin -> begin.plus(keep)).orElse(Instant.MAX);
    if (over.isAfter(now)) {
      return new Tidying.Looked("", over);
    }
    var folder = storage.decommissioned(hour);
    var names = folder.names().stream().filter(name -> name.compareTo(after) > 0).toList();
    return Tidying.look(
        folder, names, keep, now, MOST_CLIENTS_LOOKED_AT, DecommissionedClient::deleted);
  }

  /** What nobody can read, or a later version wrote, stays as it is. */
  private <T> void change(Folder<T> folder, String id, UnaryOperator<Optional<T>> change)
      throws InterruptedException {
    Optional<T> known;
    try {
      known = folder.entry(id).get();
    } catch (StorageException e) {
      if (e.kind() != Kind.UNREADABLE) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("mount", mountUuid)
          .addKeyValue("reason", e.getMessage())
          .log("a document of the history cannot be read and stays as it is");
      return;
    }
    var changed = change.apply(known);
    if (changed.isPresent() && !changed.equals(known)) {
      folder.entry(id).put(changed.get());
    }
  }

  /**
   * Removes some of what a static role has kept for too long.
   *
   * @param after where the last look ended; empty for the beginning
   */
  Tidying.Looked tidy(String role, Instant now, String after) throws InterruptedException {
    try (var _ = locks.lock(mountUuid, "history/" + role)) {
      return Tidying.ofRotations(
          storage.history(role), Duration.ofDays(keeping().days()), now, after);
    }
  }

  /** Returns for how many days the mount keeps what has ended; 0 for not at all. */
  int days() throws InterruptedException {
    return keeping().days();
  }

  private Keeping keeping() throws InterruptedException {
    return storage.config().get().map(MountConfig::keeping).orElse(Keeping.DEFAULT);
  }
}
