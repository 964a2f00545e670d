package dev.genesysvault.storage;

import java.util.List;
import java.util.Optional;

/**
 * The storage of one mount, for as long as the request or the session that lent it lives. Keys are
 * relative to the mount, without a leading slash. Every method throws {@link StorageException} when
 * the storage did not answer as asked; a put or a delete that failed may have happened, but for the
 * kinds that say otherwise.
 */
public interface Storage {
  /** What somebody has who waited for {@link #turn}. */
  @FunctionalInterface
  interface Turn extends AutoCloseable {
    /** Lets the next one in. */
    @Override
    void close();
  }

  /** Returns the bytes of an entry. */
  Optional<byte[]> get(String key) throws InterruptedException;

  /**
   * Returns the bytes of the first of many entries, in the order of {@code keys}: at least of one,
   * and of no more than one can well hold at a time; the rest is to be asked for again. They are no
   * snapshot: each is read at a time of its own. Where one of those cannot be had, none is; with
   * {@link StorageException.Kind#UNREADABLE}, the first one cannot.
   */
  List<Optional<byte[]>> getFirst(List<String> keys) throws InterruptedException;

  /**
   * Waits until this task may hold what {@link #getFirst} returns: few at a time do, of whatever
   * mount. Who has a turn asks for no other one before it has closed it.
   */
  default Turn turn() throws InterruptedException {
    return () -> {};
  }

  /** Writes an entry. */
  void put(String key, byte[] value) throws InterruptedException;

  /** An entry that came along with a request, as it was then. */
  record Seen(String key, long tag) {}

  /** Returns an entry that came along with a request; empty where it did not, or was not there. */
  default Optional<Seen> seen(String key) {
    return Optional.empty();
  }

  /**
   * Writes an entry where another one is still as it was seen; returns whether it was.
   *
   * @param condition as this storage gave it
   */
  default boolean putWhile(Seen condition, String key, byte[] value) throws InterruptedException {
    throw new IllegalStateException("this storage has shown nothing");
  }

  /** Removes an entry; one that is not there is removed already. */
  void delete(String key) throws InterruptedException;

  /**
   * Returns the names directly below a prefix, sorted; names of folders end in a slash.
   *
   * @param prefix empty, or ends in a slash
   */
  List<String> list(String prefix) throws InterruptedException;
}
