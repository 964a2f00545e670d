package dev.genesysvault.storage;

import java.util.List;

/** Documents of one kind under names below a prefix. */
public final class Folder<T> {
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

  /** Returns the names of the documents, sorted. */
  public List<String> names() throws InterruptedException {
    return storage.list(prefix);
  }
}
