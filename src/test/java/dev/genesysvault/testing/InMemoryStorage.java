package dev.genesysvault.testing;

import dev.genesysvault.storage.Storage;
import dev.genesysvault.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Storage that keeps everything, remembers what was asked, and fails when told to. */
public final class InMemoryStorage implements Storage {
  private final SortedMap<String, byte[]> entries = new TreeMap<>();
  private final List<Done> operations = new ArrayList<>();
  private final Map<String, Runnable> meanwhile = new HashMap<>();
  private int batches;
  private Predicate<String> failing = _ -> false;
  private StorageException.Kind failure = StorageException.Kind.OTHER;

  /** Lets every operation fail whose text, such as {@code put config}, the predicate takes. */
  public synchronized void failWhen(StorageException.Kind kind, Predicate<String> operation) {
    failure = kind;
    failing = operation;
  }

  /** Has somebody else do something just before an operation, such as {@code get clients/a}. */
  public synchronized void before(String operation, Runnable work) {
    meanwhile.put(operation, work);
  }

  /** Returns what was asked so far, such as {@code put config}. */
  public synchronized List<String> operations() {
    return operations.stream().map(Done::operation).toList();
  }

  /** As {@link #operations}, those of the calling task alone: no background session's. */
  public synchronized List<String> ownOperations() {
    return operations.stream()
        .filter(done -> done.by().equals(Thread.currentThread()))
        .map(Done::operation)
        .toList();
  }

  private record Done(String operation, Thread by) {}

  /** Returns the puts and deletes so far. */
  public synchronized List<String> writes() {
    return operations().stream()
        .filter(op -> !op.startsWith("get ") && !op.startsWith("list "))
        .toList();
  }

  /** Forgets what was asked so far. */
  public synchronized void forgetOperations() {
    operations.clear();
  }

  /** Returns the keys that have entries. */
  public synchronized List<String> keys() {
    return List.copyOf(entries.keySet());
  }

  /** Returns an entry as text; empty where there is none. */
  public synchronized String text(String key) {
    return new String(entries.getOrDefault(key, new byte[0]), StandardCharsets.UTF_8);
  }

  @Override
  public synchronized Optional<byte[]> get(String key) {
    did("get " + key);
    return Optional.ofNullable(entries.get(key)).map(byte[]::clone);
  }

  /** Returns how often several entries were asked for at once. */
  public synchronized int batches() {
    return batches;
  }

  @Override
  public synchronized List<Optional<byte[]>> getFirst(List<String> keys) {
    batches++;
    return keys.stream().map(this::get).toList();
  }

  @Override
  public synchronized void put(String key, byte[] value) {
    did("put " + key);
    entries.put(key, value.clone());
  }

  @Override
  public synchronized void delete(String key) {
    did("delete " + key);
    entries.remove(key);
  }

  @Override
  public synchronized List<String> list(String prefix) {
    did("list " + prefix);
    var names = new TreeSet<String>();
    for (var key : entries.tailMap(prefix).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      var rest = key.substring(prefix.length());
      int slash = rest.indexOf('/');
      names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
    }
    return List.copyOf(names);
  }

  private void did(String operation) {
    operations.add(new Done(operation, Thread.currentThread()));
    var work = meanwhile.remove(operation);
    if (work != null) {
      work.run();
    }
    if (failing.test(operation)) {
      throw new StorageException(failure, "told to fail " + operation);
    }
  }
}
