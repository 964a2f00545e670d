package dev.genesysvault.storage;

import java.util.Optional;

/** One document in storage under a fixed key. */
public final class Entry<T> {
  private final Storage storage;
  private final String key;
  private final Codec<T> codec;

  Entry(Storage storage, String key, Codec<T> codec) {
    this.storage = storage;
    this.key = key;
    this.codec = codec;
  }

  /** Returns the document. */
  public Optional<T> get() throws InterruptedException {
    return storage.get(key).map(bytes -> codec.decode(key, bytes));
  }

  /**
   * Returns the entry as it came along with a request; empty where it did not, or was not there.
   */
  public Optional<Storage.Seen> seen() {
    return storage.seen(key);
  }

  /** Writes the document. */
  public void put(T document) throws InterruptedException {
    storage.put(key, codec.encode(document));
  }

  /** Writes the document where another entry is still as it was seen; returns whether it was. */
  public boolean putWhile(Storage.Seen condition, T document) throws InterruptedException {
    return storage.putWhile(condition, key, codec.encode(document));
  }

  /** Removes the document. */
  public void delete() throws InterruptedException {
    storage.delete(key);
  }
}
