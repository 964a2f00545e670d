package dev.genesysvault.grpc;

import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.storage.StorageException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** A storage whose operations are counted and timed. */
public final class MeasuredStorage implements Storage {
  private static final String CANCELLED = "cancelled";

  private final Storage storage;
  private final Time time;
  private final Meters meters;
  private final LongAdder operations = new LongAdder();

  /** Measures what is asked of {@code storage}. */
  public MeasuredStorage(Storage storage, Time time, Meters meters) {
    this.storage = storage;
    this.time = time;
    this.meters = meters;
  }

  /** One operation. */
  @FunctionalInterface
  private interface Operation<T> {
    T run() throws InterruptedException;
  }

  /** Returns how many operations were asked for so far. */
  public long operations() {
    return operations.sum();
  }

  @Override
  public Optional<byte[]> get(String key) throws InterruptedException {
    return measured("get", () -> storage.get(key));
  }

  @Override
  public List<Optional<byte[]>> getFirst(List<String> keys) throws InterruptedException {
    return measured("get_many", () -> storage.getFirst(keys));
  }

  @Override
  public Turn turn() throws InterruptedException {
    return storage.turn();
  }

  @Override
  public void put(String key, byte[] value) throws InterruptedException {
    var _ =
        measured(
            "put",
            () -> {
              storage.put(key, value);
              return "";
            });
  }

  @Override
  public boolean putWhile(Seen condition, String key, byte[] value) throws InterruptedException {
    return measured("put", () -> storage.putWhile(condition, key, value));
  }

  @Override
  public void delete(String key) throws InterruptedException {
    var _ =
        measured(
            "delete",
            () -> {
              storage.delete(key);
              return "";
            });
  }

  @Override
  public List<String> list(String prefix) throws InterruptedException {
    return measured("list", () -> storage.list(prefix));
  }

  private <T> T measured(String name, Operation<T> operation) throws InterruptedException {
    operations.increment();
    long begun = time.nanos();
    // What it is where it ends by an interruption.
    var result = CANCELLED;
    try {
      var value = operation.run();
      result = "ok";
      return value;
    } catch (StorageException e) {
      result = word(e.kind());
      throw e;
    } finally {
      meters.took(Metric.STORAGE_OPERATION_DURATION, time.nanos() - begun, name, result);
    }
  }

  private static String word(StorageException.Kind kind) {
    return switch (kind) {
      // What lent the storage has ended: nobody waits for it any more.
      case CLOSED -> CANCELLED;
      case READ_ONLY, SETUP, NOT_ACTIVE, REFUSED, UNREADABLE, OTHER ->
          kind.name().toLowerCase(Locale.ROOT);
    };
  }
}
