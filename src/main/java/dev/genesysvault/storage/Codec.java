package dev.genesysvault.storage;

import java.util.LinkedHashMap;
import java.util.Map;

/** How one kind of document becomes JSON and comes back. */
interface Codec<T> {
  /** Takes the document's members out of {@code members}. */
  T read(Members members);

  /** Puts the document's members, those unknown to this version included, into {@code members}. */
  void write(T document, Map<String, Object> members);

  /**
   * Returns the same codec, which reads bytes that it read lately no second time: for what every
   * request reads and hardly anybody writes. Its documents are never changed by who reads them.
   */
  default Codec<T> remembering() {
    return new RememberingCodec<>(this);
  }

  /** Returns the bytes of a document. */
  default byte[] encode(T document) {
    var members = new LinkedHashMap<String, Object>();
    members.put("version", Members.VERSION);
    write(document, members);
    return Json.write(members);
  }

  /** Returns the document in {@code bytes}, which {@code key} holds. */
  default T decode(String key, byte[] bytes) {
    try {
      return read(Members.of(bytes));
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          StorageException.Kind.UNREADABLE,
          "storage entry %s cannot be read: %s".formatted(key, e.getMessage()));
    }
  }
}
