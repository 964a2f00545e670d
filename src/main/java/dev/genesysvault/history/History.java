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

  /** Documents removed at a time, so that nobody waits for long. */
  static final int MOST_REMOVED = 20;

  /** An hour may have thousands of them. */
  private static final int MOST_CLIENTS_REMOVED = 200;

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
      var _ = tidied(folder, days, now);
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
   * @return when to look again; {@link Instant#MAX} where nothing is left
   */
  Instant tidyHour(String hour, Instant now) throws InterruptedException {
    int days = keeping().days();
    var over =
        HistoryIds.beginOf(hour)
            .map(begin -> begin.plus(Duration.ofDays(days)))
            .orElse(Instant.MAX);
    if (over.isAfter(now)) {
      return over;
    }
    var folder = storage.decommissioned(hour);
    var names = folder.names();
    for (var name : names.subList(0, Math.min(names.size(), MOST_CLIENTS_REMOVED))) {
      folder.entry(name).delete();
    }
    return names.size() > MOST_CLIENTS_REMOVED ? now : Instant.MAX;
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

  /** The oldest go first. */
  private static Instant tidied(Folder<RecordedRotation> folder, int days, Instant now)
      throws InterruptedException {
    var names = folder.names();
    var keep = Duration.ofDays(days);
    int removed = 0;
    for (var name : names) {
      var time = HistoryIds.time(name);
      if (time.isEmpty()) {
        continue;
      }
      var over = time.get().plus(keep);
      if (over.isAfter(now) && names.size() - removed <= MOST) {
        return over;
      }
      if (removed == MOST_REMOVED) {
        return now;
      }
      folder.entry(name).delete();
      removed++;
    }
    return Instant.MAX;
  }

  /**
   * Removes some of what a static role has kept for too long.
   *
   * @return when to look again; {@link Instant#MAX} where it has no history any more
   */
  Instant tidy(String role, Instant now) throws InterruptedException {
    try (var _ = locks.lock(mountUuid, "history/" + role)) {
      return tidied(storage.history(role), keeping().days(), now);
    }
  }

  private Keeping keeping() throws InterruptedException {
    return storage.config().get().map(MountConfig::keeping).orElse(Keeping.DEFAULT);
  }
}
