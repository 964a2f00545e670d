package dev.genesysvault.engine.request;

import dev.genesysvault.storage.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request of Vault brought along of its mount's storage, asked before the mount's storage;
 * never writes.
 */
final class PrefetchedStorage implements Storage {
  private final Map<String, Optional<byte[]>> prefetched;
  private final Map<String, Seen> seen;
  private final Storage storage;

  PrefetchedStorage(
      Map<String, Optional<byte[]>> prefetched, Map<String, Seen> seen, Storage storage) {
    this.prefetched = prefetched;
    this.seen = seen;
    this.storage = storage;
  }

  @Override
  public Optional<byte[]> get(String key) throws InterruptedException {
    var entry = prefetched.get(key);
    return entry == null ? storage.get(key) : entry;
  }

  @Override
  public List<Optional<byte[]>> getFirst(List<String> keys) throws InterruptedException {
    var came = keys.stream().takeWhile(prefetched::containsKey).toList();
    return came.isEmpty()
        ? storage.getFirst(keys.stream().takeWhile(key -> !prefetched.containsKey(key)).toList())
        : came.stream().map(prefetched::get).toList();
  }

  @Override
  public Turn turn() throws InterruptedException {
    return storage.turn();
  }

  @Override
  public Optional<Seen> seen(String key) {
    return Optional.ofNullable(seen.get(key));
  }

  @Override
  public void put(String key, byte[] value) {
    throw new IllegalStateException("a snapshot is for reading; put of " + key);
  }

  @Override
  public void delete(String key) {
    throw new IllegalStateException("a snapshot is for reading; delete of " + key);
  }

  @Override
  public List<String> list(String prefix) throws InterruptedException {
    return storage.list(prefix);
  }
}
