package dev.genesysvault.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Gatherers;

/** Documents of one kind in storage, under names below a prefix. */
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

  /** Returns the folder of that name in this one, whose {@link #names} has it with a slash. */
  public Folder<T> below(String name) {
    return new Folder<>(storage, prefix + name + "/", codec);
  }

  /** Returns names in batches, each of which one task looks through with {@link #each}. */
  public static List<List<String>> batches(List<String> names) {
    return names.stream().gather(Gatherers.windowFixed(BATCH)).toList();
  }

  /**
   * Passes on what is under each of these names, in their order. They are no snapshot: each is read
   * at a time of its own. No more of them are held at once than memory has room for, however large
   * they are.
   *
   * @param visitor keeps no document, asks no storage and does not wait
   */
  public void each(List<String> names, Consumer<Found<T>> visitor) throws InterruptedException {
    var left = names;
    while (!left.isEmpty()) {
      try (var _ = storage.turn()) {
        left = left.subList(some(left, visitor), left.size());
      }
    }
  }

  /** Returns how many of the first were passed on. */
  private int some(List<String> names, Consumer<Found<T>> visitor) throws InterruptedException {
    try {
      var values = storage.getFirst(names.stream().limit(BATCH).map(prefix::concat).toList());
      for (int i = 0; i < values.size(); i++) {
        visitor.accept(found(names.get(i), values.get(i)));
      }
      return values.size();
    } catch (StorageException e) {
      if (e.kind() != StorageException.Kind.UNREADABLE) {
        throw e;
      }
      visitor.accept(new Found.Unreadable<>(names.getFirst(), String.valueOf(e.getMessage())));
      return 1;
    }
  }

  /** Returns one of all documents for which the predicate holds, read as {@link #each} does. */
  public Optional<Found<T>> find(Predicate<Found<T>> which) throws InterruptedException {
    var hits = new ArrayList<Found<T>>();
    var batches = batches(names());
    for (var batch : batches) {
      each(
          batch,
          found -> {
            if (hits.isEmpty() && which.test(found)) {
              hits.add(found);
            }
          });
      if (!hits.isEmpty()) {
        break;
      }
    }
    return hits.stream().findFirst();
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
