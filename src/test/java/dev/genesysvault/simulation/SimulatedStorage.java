package dev.genesysvault.simulation;

import dev.genesysvault.storage.Storage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Vault keeps for one mount: survives everything but the mount's end. */
final class SimulatedStorage {
  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final Duration VERY_SLOW = Duration.ofSeconds(100);

  private final Scheduler scheduler;
  private final Chaos chaos;
  private final Outside outside;
  private final TreeMap<String, byte[]> entries = new TreeMap<>();

  /** What was read of entries that are as they were then. */
  private final Map<String, Object> known = new HashMap<>();

  /** Whether its mount is gone: what arrives late, nobody ever reads. */
  private boolean wiped;

  private long failures;

  /** What the plugin's present life keeps of it. */
  private KeptEntries kept;

  SimulatedStorage(Scheduler scheduler, Chaos chaos, Outside outside) {
    this.scheduler = scheduler;
    this.chaos = chaos;
    this.outside = outside;
    this.kept = new KeptEntries(scheduler::nanos);
  }

  /** Takes note that another life of the plugin has begun, which has kept nothing yet. */
  void pluginBegins() {
    kept = new KeptEntries(scheduler::nanos);
  }

  /** Returns the keys that have entries and begin with a prefix. */
  List<String> keys(String prefix) {
    return entries.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  /** Reads a document, unless it has not been written since it was read. */
  Object document(String key, Supplier<Object> reader) {
    return known.computeIfAbsent(key, _ -> reader.get());
  }

  private Optional<byte[]> write(String key, byte[] value) {
    known.remove(key);
    return Optional.ofNullable(entries.put(key, value));
  }

  private Optional<byte[]> remove(String key) {
    known.remove(key);
    return Optional.ofNullable(entries.remove(key));
  }

  /** Returns how many operations have failed, or taken long, so far. */
  long failures() {
    return failures;
  }

  /** Removes everything, as Vault does with a mount that is gone. */
  void wipe() {
    scheduler.trace("wipe", entries.keySet().toString());
    entries.clear();
    known.clear();
    wiped = true;
  }

  /** Returns it as it is, for who only looks: no door, nothing goes wrong. */
  Storage bare() {
    return new Storage() {
      @Override
      public Optional<byte[]> get(String key) {
        return read(key);
      }

      @Override
      public List<Optional<byte[]>> getFirst(List<String> keys) {
        return keys.stream().map(SimulatedStorage.this::read).toList();
      }

      @Override
      public void put(String key, byte[] value) {
        kept.drop(key);
        var _ = write(key, value.clone());
      }

      @Override
      public void delete(String key) {
        kept.drop(key);
        var _ = remove(key);
      }

      @Override
      public List<String> list(String prefix) {
        return names(prefix);
      }
    };
  }

  private Optional<byte[]> read(String key) {
    return Optional.ofNullable(entries.get(key)).map(byte[]::clone);
  }

  private List<String> names(String prefix) {
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

  /**
   * Lends it to one stream.
   *
   * @param borrower dies where the sidecar is to die
   * @param vault whose death ends what is under way
   */
  Lent lend(SimulatedProcess borrower, SimulatedProcess vault) {
    return new Lent(borrower, vault);
  }

  /** The storage as one stream sees it. */
  final class Lent implements Storage {
    private final SimulatedProcess borrower;
    private final SimulatedProcess vault;

    /** What the plugin keeps that lends it. */
    private final KeptEntries keeps = kept;

    private final List<SimulatedTask> waiting = new ArrayList<>();
    private final List<Operation<?>> underWay = new ArrayList<>();
    private boolean used;
    private boolean closed;

    private Lent(SimulatedProcess borrower, SimulatedProcess vault) {
      this.borrower = borrower;
      this.vault = vault;
    }

    /** One operation under way. */
    private final class Operation<T> {
      private final Mishap mishap;
      private final Supplier<T> effect;
      private boolean done;
      private @Nullable T value;

      Operation(Mishap mishap, Supplier<T> effect) {
        this.mishap = mishap;
        this.effect = effect;
      }

      /** Happens, or fails, unless it has; never after its stream has ended. */
      void act() {
        if (!underWay.remove(this)) {
          return;
        }
        boolean fails = mishap == Mishap.STORAGE_FAILS || mishap == Mishap.STORAGE_READ_ONLY;
        if (!vault.dead()) {
          value = fails ? null : effect.get();
          done = true;
        }
        waiting.forEach(scheduler::wake);
      }
    }

    /** Whether the borrower has asked for anything yet. */
    boolean used() {
      return used;
    }

    /**
     * Fails what is asked from now on, and who still waits. What is under way has happened just
     * before, though nobody is told, or never happens.
     */
    void close() {
      closed = true;
      for (var operation : List.copyOf(underWay)) {
        if (operation.mishap == Mishap.SLOW) {
          underWay.remove(operation);
        } else {
          operation.act();
        }
      }
      waiting.forEach(scheduler::wake);
    }

    @Override
    public Optional<byte[]> get(String key) throws InterruptedException {
      try (var reading = keeps.reads(key)) {
        var value = operation(Mishap.Door.STORAGE_READ, "get " + key, () -> served(key));
        reading.got(value);
        return value;
      }
    }

    /** What is kept comes at the same door, so that a schedule is the same with and without it. */
    private Optional<byte[]> served(String key) {
      var stored = read(key);
      var held = keeps.held(key);
      if (held == null) {
        return stored;
      }
      if (!wiped && !Arrays.equals(held.value().orElse(null), stored.orElse(null))) {
        scheduler.violated("the plugin keeps of an entry what storage does not hold: " + key);
      }
      return held.value().map(byte[]::clone);
    }

    /**
     * Each is an operation of its own: what goes wrong at one fails all, and they are no snapshot.
     */
    @Override
    public List<Optional<byte[]>> getFirst(List<String> keys) throws InterruptedException {
      var values = new ArrayList<Optional<byte[]>>();
      for (var key : keys) {
        values.add(get(key));
      }
      return values;
    }

    @Override
    public void put(String key, byte[] value) throws InterruptedException {
      var copy = value.clone();
      try (var writing = keeps.writes(key)) {
        var _ =
            operation(
                Mishap.Door.STORAGE_WRITE,
                "put " + key + digest(copy),
                () -> wiped ? Optional.empty() : write(key, copy));
        writing.did(Optional.of(copy));
      }
    }

    @Override
    public void delete(String key) throws InterruptedException {
      try (var writing = keeps.writes(key)) {
        var _ = operation(Mishap.Door.STORAGE_WRITE, "delete " + key, () -> remove(key));
        writing.did(Optional.empty());
      }
    }

    @Override
    public List<String> list(String prefix) throws InterruptedException {
      return operation(Mishap.Door.STORAGE_READ, "list " + prefix, () -> names(prefix));
    }

    private <T> T operation(Mishap.Door door, String what, Supplier<T> effect)
        throws InterruptedException {
      var me = scheduler.me();
      if (closed) {
        throw new StorageException(Kind.CLOSED, "the stream has ended");
      }
      used = true;
      var mishap = chaos.mishap(door, what);
      scheduler.trace("storage", mishap == Mishap.NONE ? what : what + "  !" + mishap);
      if (mishap.failsStorage()) {
        failures++;
      }
      if (mishap == Mishap.SIDECAR_DIES_BEFORE) {
        borrower.kill();
        throw new Killed();
      }
      var operation = new Operation<>(mishap, effect);
      underWay.add(operation);
      waiting.add(me);
      scheduler.happens("did " + what, delay(mishap), () -> act(operation));
      try {
        while (!operation.done && !closed) {
          scheduler.block("storage: " + what, null, true);
        }
      } finally {
        waiting.remove(me);
      }
      return result(operation, what);
    }

    private void act(Operation<?> operation) {
      if (!underWay.contains(operation)) {
        return;
      }
      operation.act();
      switch (operation.mishap) {
        case SIDECAR_DIES_AFTER -> borrower.kill();
        case PLUGIN_DIES -> outside.killPlugin();
        case VAULT_DIES -> outside.killVault();
        default -> {}
      }
    }

    private <T> T result(Operation<T> operation, String what) {
      if (!operation.done) {
        throw new StorageException(Kind.CLOSED, "the stream has ended");
      }
      var value = operation.value;
      switch (operation.mishap) {
        case STORAGE_READ_ONLY ->
            throw new StorageException(Kind.READ_ONLY, "cannot write to readonly storage");
        case STORAGE_FAILS, STORAGE_FAILS_AFTER ->
            throw new StorageException(Kind.OTHER, "storage was told to fail: " + what);
        default -> {}
      }
      if (value == null) {
        throw new IllegalStateException("an operation that happened has no value");
      }
      return value;
    }

    private Duration delay(Mishap mishap) {
      return switch (mishap) {
        case SLOW -> SLOW;
        case VERY_SLOW -> VERY_SLOW;
        default -> chaos.latency();
      };
    }
  }

  /** The order of JSON members may differ from one Java process to the next; their bytes do not. */
  static String digest(byte[] value) {
    long sum = 0;
    for (byte each : value) {
      sum += (each & 0xFF) * 31L * (each & 0xFF);
    }
    return " " + value.length + "/" + Long.toHexString(sum);
  }
}
