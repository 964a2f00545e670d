package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.alert.MountAlerts;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.rotation.OpenDestinations;
import dev.genesysvault.rotation.PresentClients;
import dev.genesysvault.rotation.RotationQueue;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What this process knows of each mount, the same for its requests and for its background session.
 * A mount of which nothing was heard for an hour and whose session is closed is forgotten: Vault
 * has disabled it, or another sidecar serves it. All that is lost then is told again with the next
 * word of it, as after a start of the sidecar.
 */
public final class MountStates {
  /** Far longer than a request lasts, so that no two tasks work with two states of one mount. */
  static final Duration KEPT = Duration.ofHours(1);

  /**
   * Of more, those are forgotten of which nothing was heard for longest and that have no session.
   */
  static final int MOST = 2_000;

  private final Doors doors;
  private final Delays delays;
  private final List<DestinationKind> kinds;
  private final Locks.Monitor monitor;

  /** The one of which nothing was heard for longest comes first. */
  private final Map<String, State> byMount = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Makes one that knows no mount.
   *
   * @param kinds of destinations that mounts may have
   */
  public MountStates(Doors doors, Delays delays, List<DestinationKind> kinds) {
    this.doors = doors;
    this.delays = delays;
    this.kinds = List.copyOf(kinds);
    this.monitor = doors.locks().monitor();
  }

  /** What is known of one mount. */
  static final class State {
    final ClientQueue clients;
    final RotationQueue staticRoles;
    final PresentClients present;
    final OpenDestinations destinations;
    final MountAlerts alerts;
    final UpstreamAlarms.Memory upstream = new UpstreamAlarms.Memory();

    /** What the last look at it has shown; empty while its session is not open. */
    volatile Optional<AlarmLook> alarms = Optional.empty();

    /** Read without the monitor by whoever writes the log, who may hold another one. */
    private volatile String path = "";

    private long heardAt;
    private boolean writable;

    State(String mountUuid, Doors doors, Delays delays, List<DestinationKind> kinds) {
      this.clients = new ClientQueue(doors.time(), doors.locks(), doors.randomness(), delays);
      this.staticRoles = new RotationQueue(doors.time(), doors.locks(), doors.randomness());
      this.alerts = new MountAlerts(doors.time(), doors.locks());
      this.present = new PresentClients(mountUuid, staticRoles, doors.locks());
      this.destinations =
          new OpenDestinations(kinds, doors.time(), doors.locks(), doors.randomness());
    }
  }

  /** Returns what is known of a mount, which is kept from now on for as long as one is. */
  State of(String mountUuid) {
    return monitor.get(() -> {
      var known = byMount.get(mountUuid);
      if (known == null) {
        forget();
        known = new State(mountUuid, doors, delays, kinds);
        byMount.put(mountUuid, known);
      }
      known.heardAt = doors.time().nanos();
      return known;
    });
  }

  /** Whoever comes new looks which of the others went. */
  private void forget() {
    long now = doors.time().nanos();
    var longest = byMount.values().iterator();
    while (longest.hasNext()) {
      var state = longest.next();
      boolean silent = now - state.heardAt >= KEPT.toNanos();
      if (!silent && byMount.size() < MOST) {
        return;
      }
      if (!state.clients.isOpen()) {
        longest.remove();
      }
    }
  }

  /** Takes note of a mount's present path. */
  void moved(String mountUuid, String path) {
    monitor.run(() -> of(mountUuid).path = path);
  }

  /** Takes note of whether this node may write to a mount's storage, as a word of it says. */
  void heard(String mountUuid, boolean writable) {
    monitor.run(() -> of(mountUuid).writable = writable);
  }

  /**
   * Takes note that a mount's session was closed: Vault may have disabled it, or another node may
   * be the active one, until another word of it says that this one still is.
   */
  public void left(String mountUuid) {
    monitor.run(() -> {
      var state = byMount.get(mountUuid);
      if (state != null) {
        state.writable = false;
      }
    });
  }

  /** Returns a mount's present path, with a trailing slash; empty where Vault has not told. */
  public String path(String mountUuid) {
    return monitor.get(() -> of(mountUuid).path);
  }

  /** Returns what tells a mount's present path at any time; it is empty until Vault has told. */
  public Supplier<String> pathAtAnyTime(String mountUuid) {
    var state = of(mountUuid);
    return () -> state.path;
  }

  /**
   * One known mount, for whoever only looks: that it was looked at is no word of it.
   *
   * @param path with a trailing slash; empty where Vault has not told
   * @param silent how long ago the last word of it was heard
   * @param writable whether that said that this node may write to its storage, and no session was
   *     closed since
   */
  record Known(String mountUuid, String path, Duration silent, boolean writable, State state) {
    /**
     * Vault has every mount roll back once a minute; one that is silent for longer is elsewhere.
     */
    private static final Duration SILENT = Duration.ofMinutes(5);

    /** Returns its path as it is shown. */
    String shownPath() {
      return path.isEmpty() ? "unknown" : path;
    }

    /** Whether Vault has spoken of it lately. */
    boolean heardLately() {
      return silent.compareTo(SILENT) < 0;
    }
  }

  /** Returns all mounts that are known now. */
  List<Known> all() {
    return monitor.get(() -> {
      long now = doors.time().nanos();
      var all = new ArrayList<Known>(byMount.size());
      byMount.forEach((uuid, state) ->
          all.add(
              new Known(
                  uuid, state.path, Duration.ofNanos(now - state.heardAt), state.writable, state)));
      return all;
    });
  }

  /** Returns how many mounts are known. */
  int size() {
    return monitor.get(byMount::size);
  }
}
