package dev.genesysvault.rotation;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.DestinationConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The destinations of one mount that were used lately, each with its log-in, and which of them are
 * left alone for a while: one that is away is asked once for all roles. In memory, and at most as
 * many as {@link #MOST}.
 */
public final class OpenDestinations {
  /** Of more, all are opened anew. */
  static final int MOST = 1_000;

  private static final Duration FIRST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Map<String, DestinationKind> kinds = new HashMap<>();
  private final Time time;
  private final Backoff waits;
  private final Locks.Monitor monitor;
  private final Map<String, Opened> byName = new HashMap<>();

  /** Makes one of a mount that has opened none. */
  public OpenDestinations(
      List<DestinationKind> kinds, Time time, Locks locks, Randomness randomness) {
    kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
    this.time = time;
    this.waits = new Backoff(FIRST, LONGEST, randomness);
    this.monitor = locks.monitor();
  }

  /** Returns a kind that this sidecar has. */
  public Optional<DestinationKind> kind(String name) {
    return Optional.ofNullable(kinds.get(name));
  }

  /** Returns the names of the kinds that this sidecar has, sorted. */
  public List<String> kindNames() {
    return kinds.keySet().stream().sorted().toList();
  }

  /**
   * Returns a destination as it is configured now.
   *
   * @throws IllegalArgumentException if this sidecar does not have its kind, or that finds the
   *     settings wrong; one sentence
   */
  public Opened open(String name, DestinationConfig config) {
    var known = monitor.get(() -> Optional.ofNullable(byName.get(name)));
    if (known.isPresent() && known.get().config.equals(config)) {
      return known.get();
    }
    var kind =
        kind(config.kind())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "destinations/%s is of the kind %s, which this sidecar does not have"
                        .formatted(name, config.kind())));
    var opened = new Opened(config, kind.open(config.settings()), kind.keepsFormer());
    monitor.run(() -> {
      if (byName.size() >= MOST) {
        byName.clear();
      }
      byName.put(name, opened);
    });
    return opened;
  }

  /** Has destinations asked again that are left alone: somebody says that they do well now. */
  public void askAgain(Collection<String> names) {
    monitor.run(() ->
        names.forEach(name -> Optional.ofNullable(byName.get(name)).ifPresent(Opened::askAgain)));
  }

  /** Returns why nobody asks a destination for a while; empty where it may be asked. */
  public String whyLeftAlone(String name) {
    return monitor.get(() ->
        Optional.ofNullable(byName.get(name))
            .filter(opened -> !opened.leftAloneUntil.over())
            .map(opened -> opened.why.text())
            .orElse(""));
  }

  /** One destination, as long as its configuration stays. */
  public final class Opened {
    private final DestinationConfig config;
    private final Destination destination;
    private final boolean keepsFormer;
    private Deadline leftAloneUntil = Deadline.in(Duration.ZERO, time);
    private Trouble why = Trouble.NONE;
    private int failures;

    private Opened(DestinationConfig config, Destination destination, boolean keepsFormer) {
      this.config = config;
      this.destination = destination;
      this.keepsFormer = keepsFormer;
    }

    /** Returns how it is configured. */
    public DestinationConfig config() {
      return config;
    }

    /** Returns where to ask. */
    public Destination destination() {
      return destination;
    }

    /** Whether readers can reach versions before the present one. */
    boolean keepsFormer() {
      return keepsFormer;
    }

    /** Returns for how long nobody is to ask it, and why; empty where it may be asked. */
    Optional<Rest> rest() {
      return monitor.get(() ->
          leftAloneUntil.over()
              ? Optional.empty()
              : Optional.of(new Rest(leftAloneUntil.left(), why)));
    }

    private void askAgain() {
      leftAloneUntil = Deadline.in(Duration.ZERO, time);
    }

    /** Takes note that it answered. */
    void answered() {
      monitor.run(() -> {
        failures = 0;
        why = Trouble.NONE;
        askAgain();
      });
    }

    /** Takes note of a failure: where it concerns all entries, all are kept from asking. */
    void failed(DestinationFailure failure) {
      if (failure.extent() == Extent.DESTINATION) {
        monitor.run(() -> {
          failures++;
          why = failure.why();
          var wait = waits.after(failures);
          leftAloneUntil =
              Deadline.in(
                  wait.compareTo(failure.retryAfter()) > 0 ? wait : failure.retryAfter(), time);
        });
      }
    }
  }

  /** For how long a destination is left alone, and why. */
  record Rest(Duration left, Trouble why) {}
}
