package dev.genesysvault.testing;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.Value;
import dev.genesysvault.domain.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kind of destinations in memory, which does what it is told: each entry is a value with a
 * number. Destinations are told apart by their {@code address}.
 */
public final class PlayedDestinations implements DestinationKind {
  /** What it is called. */
  public static final String KIND = "vault_kv";

  private final Map<String, Map<String, Entry>> byAddress = new HashMap<>();
  private final Map<String, DestinationFailure> failing = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private Runnable onSend = () -> {};
  private Runnable onRetire = () -> {};
  private boolean keepsFormer;

  /**
   * What an entry holds.
   *
   * @param former versions that readers can still reach
   */
  public record Entry(long version, Value value, List<Entry> former) {}

  /** Has readers reach former versions from now on, until those are retired. */
  public PlayedDestinations keepFormer() {
    keepsFormer = true;
    return this;
  }

  /** Returns the clients whose credentials readers of an entry can reach, the present one last. */
  public List<String> clientsAt(String address, String entry) {
    return at(address, entry).stream()
        .flatMap(it -> Stream.concat(it.former().stream(), Stream.of(it)))
        .map(it -> String.valueOf(it.value().members().get("client_id")))
        .toList();
  }

  /** Returns what an entry holds; empty for nothing. */
  public synchronized Optional<Entry> at(String address, String entry) {
    return Optional.ofNullable(byAddress.getOrDefault(address, Map.of()).get(entry));
  }

  /** Returns the client whose credential an entry holds; empty for none. */
  public String clientAt(String address, String entry) {
    return at(address, entry)
        .map(it -> String.valueOf(it.value().members().get("client_id")))
        .orElse("");
  }

  /** Has somebody else write to an entry. */
  public synchronized void overwrite(String address, String entry) {
    put(address, entry, new Value(Map.of("by", "somebody else")));
  }

  /** Has a destination fail from now on. */
  public synchronized void fail(String address, Extent extent, String why) {
    failing.put(address, new DestinationFailure(Trouble.of(why), extent, Duration.ZERO));
  }

  /** Has a destination do well again. */
  public synchronized void mend(String address) {
    failing.remove(address);
  }

  /** Has something happen when a value has arrived, before anybody is told. */
  public synchronized void onSend(Runnable happens) {
    onSend = happens;
  }

  /** Has something happen when former versions have been retired, before anybody is told. */
  public synchronized void onRetire(Runnable happens) {
    onRetire = happens;
  }

  /** Returns what was asked since the last time, in its order, such as {@code send a/crm}. */
  public synchronized List<String> calls() {
    var seen = List.copyOf(calls);
    calls.clear();
    return seen;
  }

  private synchronized long put(String address, String entry, Value value) {
    var entries = byAddress.computeIfAbsent(address, _ -> new HashMap<>());
    long version = Optional.ofNullable(entries.get(entry)).map(Entry::version).orElse(0L) + 1;
    var former =
        Optional.ofNullable(entries.get(entry))
            .filter(_ -> keepsFormer)
            .map(it -> Stream.concat(it.former().stream(), Stream.of(it)).toList())
            .orElse(List.of());
    entries.put(entry, new Entry(version, value, former));
    return version;
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public List<Setting> settings() {
    return List.of(new Setting("address", false), new Setting("secret_id", true));
  }

  @Override
  public List<String> addresses() {
    return List.of("address");
  }

  @Override
  public String place(Map<String, String> settings) {
    return settings.getOrDefault("address", "");
  }

  @Override
  public boolean keepsFormer() {
    return keepsFormer;
  }

  @Override
  public void checkEntry(String entry) {
    if (entry.contains("..")) {
      throw new IllegalArgumentException("\"%s\" leads elsewhere".formatted(entry));
    }
  }

  @Override
  public Destination open(Map<String, String> settings) {
    var address = settings.get("address");
    if (address == null) {
      throw new IllegalArgumentException("address is missing");
    }
    return new Played(address);
  }

  private final class Played implements Destination {
    private final String address;

    Played(String address) {
      this.address = address;
    }

    private Optional<DestinationFailure> asked(String what, String entry) {
      synchronized (PlayedDestinations.this) {
        calls.add("%s %s/%s".formatted(what, address, entry));
        return Optional.ofNullable(failing.get(address));
      }
    }

    @Override
    public Sent send(String entry, Value value, Errand errand) {
      var failure = asked("send", entry);
      if (failure.isPresent()) {
        return new Sent.Failed(failure.get());
      }
      var there = at(address, entry);
      if (there.isPresent() && there.get().value().equals(value)) {
        return new Sent.Confirmed(Long.toString(there.get().version()));
      }
      long version = put(address, entry, value);
      onSend.run();
      return new Sent.Confirmed(Long.toString(version));
    }

    @Override
    public Seen look(String entry, String version, Value value, Errand errand) {
      var failure = asked("look", entry);
      if (failure.isPresent()) {
        return new Seen.Failed(failure.get());
      }
      var there = at(address, entry);
      if (there.isEmpty()) {
        return new Seen.Otherwise("it was deleted");
      }
      return there.get().value().equals(value)
          ? new Seen.AsSent()
          : new Seen.Otherwise("version %d holds something else".formatted(there.get().version()));
    }

    @Override
    public Removed remove(String entry, String version, Errand errand) {
      var failure = asked("remove", entry);
      if (failure.isPresent()) {
        return new Removed.Failed(failure.get());
      }
      synchronized (PlayedDestinations.this) {
        var entries = byAddress.getOrDefault(address, new HashMap<>());
        var there = entries.get(entry);
        if (there != null && Long.toString(there.version()).equals(version)) {
          entries.remove(entry);
        }
      }
      return new Removed.Done();
    }

    @Override
    public Removed retire(String entry, String version, List<String> former, Errand errand) {
      var failure = asked("retire " + String.join(",", former) + " of", entry);
      if (failure.isPresent()) {
        return new Removed.Failed(failure.get());
      }
      synchronized (PlayedDestinations.this) {
        var entries = byAddress.getOrDefault(address, new HashMap<>());
        var there = entries.get(entry);
        if (there != null && Long.toString(there.version()).equals(version)) {
          var left =
              there.former().stream()
                  .filter(it -> !former.contains(Long.toString(it.version())))
                  .toList();
          entries.put(entry, new Entry(there.version(), there.value(), left));
        }
      }
      onRetire.run();
      return new Removed.Done();
    }

    @Override
    public List<Finding> check(String entry, boolean writes, Errand errand) {
      var failure = asked("check", entry);
      return List.of(
          failure
              .map(it -> new Finding("log_in", false, it.why().text()))
              .orElse(new Finding("log_in", true, "the token of " + address)));
    }
  }
}
