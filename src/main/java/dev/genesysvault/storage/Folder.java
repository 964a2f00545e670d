package dev.genesysvault.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Gatherers;

/** Documents of one kind under names below a prefix. */
public final class Folder<T> {
  /** Documents read in one go: what one op of the contract may ask for. */
  private static final int BATCH = 64;

  private final Storage storage;
  private final String prefix;
  private final Codec<T> codec;

  Folder(Storage storage, String prefix, Codec<T> codec) {
    this.storage = storage;
    this.prefix = prefix;
    this.codec = codec;
  }

  /** Returns the place of one document. */
  public Entry<T> entry(String name) {
    return new Entry<>(storage, prefix + name, codec);
  }

  /** Returns names in batches, each small enough for {@link #all}. */
  public static List<List<String>> batches(List<String> names) {
    return names.stream().gather(Gatherers.windowFixed(BATCH)).toList();
  }

  /**
   * Returns what is under each of these names, in their order. They are no snapshot: each is read
   * at a time of its own.
   */
  public List<Found<T>> all(List<String> names) throws InterruptedException {
    var values = storage.getAll(names.stream().map(prefix::concat).toList());
    var found = new ArrayList<Found<T>>(names.size());
    for (int i = 0; i < names.size(); i++) {
      found.add(found(names.get(i), values.get(i)));
    }
    return found;
  }

  private Found<T> found(String name, Optional<byte[]> value) {
    if (value.isEmpty()) {
      return new Found.Nothing<>(name);
    }
    try {
      return new Found.Document<>(name, codec.decode(prefix + name, value.get()));
    } catch (StorageException e) {
      return new Found.Unreadable<>(name, String.valueOf(e.getMessage()));
    }
  }

  /** Returns the names of the documents, sorted. */
  public List<String> names() throws InterruptedException {
    return storage.list(prefix);
  }
}
