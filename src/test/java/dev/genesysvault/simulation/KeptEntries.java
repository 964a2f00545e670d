package dev.genesysvault.simulation;

import com.google.protobuf.TextFormat;
import dev.genesysvault.proto.v1.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one life of the plugin keeps of a mount's storage, as {@code storagecache} of {@code
 * plugin-shim} does, without its bounds.
 */
final class KeptEntries {
  private static final long SETTLING = Duration.ofSeconds(5).toNanos();
  private static final long DOUBT = Duration.ofMinutes(1).toNanos();
  private static final long NEVER_AGAIN = -1;
  private static final List<String> MARKED = marked();

  private final LongSupplier nanos;
  private final long begun;
  private final Map<String, Held> held = new HashMap<>();
  private final Map<String, Key> flights = new HashMap<>();
  private final Map<String, Long> doubtedAt = new HashMap<>();

  /** An entry, or that there is none. */
  record Held(Optional<byte[]> value) {}

  /** What happens to one key at the moment. */
  private static final class Key {
    private int readers;
    private int writers;
    private long changes;
  }

  KeptEntries(LongSupplier nanos) {
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  private static List<String> marked() {
    try (var text = KeptEntries.class.getResourceAsStream("/genesysvault/v1/engine.textproto")) {
      if (text == null) {
        throw new IllegalStateException("the descriptor is not on the class path");
      }
      return TextFormat.parse(new String(text.readAllBytes(), StandardCharsets.UTF_8), Engine.class)
          .getCachedList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isMarked(String key) {
    return MARKED.stream()
        .anyMatch(mark -> mark.endsWith("/") ? key.startsWith(mark) : key.equals(mark));
  }

  /** Returns what is kept of a key; null where that is nothing. */
  @Nullable Held held(String key) {
    return held.get(key);
  }

  /** Forgets a key, which somebody else has changed. */
  void drop(String key) {
    held.remove(key);
    var flight = flights.get(key);
    if (flight != null) {
      flight.changes++;
    }
  }

  /** Begins a read; it is to be closed when its reader has the answer, or will get none. */
  Reading reads(String key) {
    return new Reading(key);
  }

  /** Begins a write; it is to be closed when its writer knows what came of it, or never will. */
  Writing writes(String key) {
    return new Writing(key);
  }

  private Key flight(String key) {
    return flights.computeIfAbsent(key, _ -> new Key());
  }

  /** What begins while the key is in doubt may meet a write that arrives late. */
  private long number(String key, Key flight) {
    return inDoubt(key) ? NEVER_AGAIN : flight.changes;
  }

  private void land(String key, Key flight) {
    if (flight.readers == 0 && flight.writers == 0) {
      flights.remove(key);
    }
  }

  private boolean inDoubt(String key) {
    long now = nanos.getAsLong();
    var doubted = doubtedAt.get(key);
    return now - begun < SETTLING || (doubted != null && now - doubted < DOUBT);
  }

  private void keep(String key, Optional<byte[]> value) {
    if (isMarked(key) && !inDoubt(key)) {
      held.put(key, new Held(value));
    }
  }

  /** A read under way. */
  final class Reading implements AutoCloseable {
    private final String key;
    private final Key flight;
    private final long changes;
    private @Nullable Held answer;

    private Reading(String key) {
      this.key = key;
      this.flight = flight(key);
      this.flight.readers++;
      this.changes = number(key, flight);
    }

    /** Takes note of the answer. */
    void got(Optional<byte[]> value) {
      answer = new Held(value);
    }

    @Override
    public void close() {
      if (answer != null && flight.writers == 0 && flight.changes == changes) {
        keep(key, answer.value());
      }
      flight.readers--;
      land(key, flight);
    }
  }

  /** A write under way. */
  final class Writing implements AutoCloseable {
    private final String key;
    private final Key flight;
    private final long changes;
    private @Nullable Held written;

    private Writing(String key) {
      this.key = key;
      this.flight = flight(key);
      this.flight.writers++;
      drop(key);
      this.changes = number(key, flight);
    }

    /** Takes note that it succeeded. */
    void did(Optional<byte[]> value) {
      written = new Held(value);
    }

    @Override
    public void close() {
      boolean alone = flight.writers == 1 && flight.changes == changes;
      drop(key);
      if (written == null) {
        doubtedAt.put(key, nanos.getAsLong());
      } else if (alone) {
        keep(key, written.value());
      }
      flight.writers--;
      land(key, flight);
    }
  }
}
