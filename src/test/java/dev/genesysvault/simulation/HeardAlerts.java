package dev.genesysvault.simulation;

import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.Severity;
import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.AlertMessage.Action;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.storage.AlertEntry;
import dev.genesysvault.storage.AlertReceiver;
import dev.genesysvault.storage.MountStorage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What one receiver of a mount's alarms is told, each of which has to make sense at its time. */
final class HeardAlerts {
  /** What is only over once Genesys answers. */
  private static final Set<AlarmKind> NEED_GENESYS =
      Set.of(AlarmKind.GENESYS_UNREACHABLE, AlarmKind.CONSEQUENCES);

  private final SimulatedWorld world;
  private final SimulatedMount mount;
  private final String name;
  private final Severity least;

  /** By cause, in the order in which they left the sidecar. */
  private final Map<String, List<Told>> byCause = new LinkedHashMap<>();

  HeardAlerts(SimulatedWorld world, SimulatedMount mount, String name, Severity least) {
    this.world = world;
    this.mount = mount;
    this.name = name;
    this.least = least;
  }

  /** One message that was sent. */
  private static final class Told {
    private final AlertMessage message;

    /** What had gone wrong until then that may make the sidecar forget. */
    private final long disturbances;

    private boolean confirmed;

    Told(AlertMessage message, long disturbances) {
      this.message = message;
      this.disturbances = disturbances;
    }

    /** Returns what is the same of a trigger and its resolve. */
    String trouble() {
      return message.id().substring(0, message.id().lastIndexOf('-'));
    }
  }

  SimulatedMount mount() {
    return mount;
  }

  String name() {
    return name;
  }

  Severity least() {
    return least;
  }

  String host() {
    return "%s.%s.people.test".formatted(name, mount.uuid.replace("/", ""));
  }

  String key() {
    return "key of " + host();
  }

  private long disturbances() {
    return mount.storage.failures() + world.sidecars.lives() + world.vault.begun();
  }

  /** A message leaves the sidecar. */
  Optional<String> sent(AlertMessage message) {
    var before = byCause.computeIfAbsent(message.cause(), _ -> new ArrayList<>());
    var told = new Told(message, disturbances());
    var wrong =
        checkContent(message)
            .or(() -> checkWritten(told))
            .or(() -> checkOrder(told, before))
            .or(() -> checkTruth(message));
    before.add(told);
    return wrong.map(what ->
        "%s is told \"%s\", but %s".formatted(host(), SimulatedReceivers.text(message), what));
  }

  /** The sidecar has its answer. */
  @SuppressWarnings("ReferenceEquality") // That sending, and no other that says the same.
  void confirmed(AlertMessage message) {
    byCause.getOrDefault(message.cause(), List.of()).stream()
        .filter(told -> told.message == message)
        .forEach(told -> told.confirmed = true);
  }

  private Optional<String> checkContent(AlertMessage message) {
    var all = message + message.summary() + message.path();
    boolean secret =
        all.contains(Seed.CLIENT_SECRET) || all.contains(key()) || world.secretHosts.shownIn(all);
    if (secret) {
      return Optional.of("it shows a secret: " + all);
    }
    return message.mountUuid().equals(mount.uuid) && message.severity().atLeast(least)
        ? Optional.empty()
        : Optional.of("it does not want to hear that: " + all);
  }

  /** Nothing is told that is not written down, nor what is written down as told. */
  private Optional<String> checkWritten(Told told) {
    if (mount.disabled) {
      return Optional.empty();
    }
    var message = told.message;
    var cause = message.cause().substring(mount.uuid.length() + 1);
    var entry = ToldPeople.entries(mount, name).get(cause);
    if (entry == null) {
      return Optional.of("nothing of it is written down");
    }
    if (!told.trouble().equals("%s-%s-%d".formatted(cause, entry.id(), entry.count()))) {
      return Optional.of("something else is written down: " + entry);
    }
    boolean waits =
        message.action() == Action.RESOLVE
            ? entry.ended() != null && entry.wasTold()
            : !entry.told().equals(revision());
    return waits ? Optional.empty() : Optional.of("that does not wait: " + entry);
  }

  private String revision() {
    return Optional.ofNullable(
            Invariants.documents(
                    mount, "sealed/alerts/", AlertReceiver.class, MountStorage::alertReceivers)
                .get(name))
        .map(AlertReceiver::revision)
        .orElse("");
  }

  private static Optional<String> checkOrder(Told told, List<Told> before) {
    var message = told.message;
    boolean begun =
        before.stream()
            .anyMatch(it ->
                it.confirmed
                    && it.message.action() == Action.TRIGGER
                    && it.trouble().equals(told.trouble()));
    if (message.action() == Action.RESOLVE && !begun) {
      return Optional.of("it has never confirmed that it began");
    }
    boolean again =
        before.stream()
            .anyMatch(it ->
                it.confirmed
                    && it.message.id().equals(message.id())
                    && it.disturbances == told.disturbances);
    if (again) {
      return Optional.of("it has confirmed that, and nothing has gone wrong since");
    }
    if (before.isEmpty() || message.action() == Action.RESOLVE) {
      return Optional.empty();
    }
    var last = before.getLast();
    boolean known =
        last.trouble().equals(told.trouble())
            ? last.message.action() == Action.TRIGGER
            : last.message.action() == Action.RESOLVE || isLater(told, last);
    return known
        ? Optional.empty()
        : Optional.of("it was told before \"%s\"".formatted(SimulatedReceivers.text(last.message)));
  }

  /** Whether the same cause has begun anew before it was told that it is over. */
  private static boolean isLater(Told told, Told last) {
    var number = last.trouble().lastIndexOf('-');
    return told.trouble().startsWith(last.trouble().substring(0, number + 1))
        && told.message.count() > last.message.count();
  }

  /** An outage does not end while Genesys is out of reach. */
  private Optional<String> checkTruth(AlertMessage message) {
    var ended = message.ended();
    if (message.action() != Action.RESOLVE
        || ended == null
        || !NEED_GENESYS.contains(message.alarm().kind())
        || !world.sidecars.clockWasRight()) {
      return Optional.empty();
    }
    return world.chaos.outages().stream().anyMatch(outage -> outage.holds(ended))
        ? Optional.of("Genesys was away at " + ended)
        : Optional.empty();
  }

  /** Once everything has settled: it knows what stands, and that is written down. */
  Optional<String> checkSettled(Set<String> standing) {
    var entries = ToldPeople.entries(mount, name);
    var kept = new TreeSet<String>();
    for (var entry : entries.values()) {
      if (entry.waits(revision())) {
        return Optional.of("%s is not told of %s".formatted(host(), entry));
      }
      kept.add(text(entry));
    }
    var known = new TreeSet<String>();
    for (var told : byCause.values()) {
      told.stream()
          .filter(it -> it.confirmed)
          .reduce((_, last) -> last)
          .filter(it -> it.message.action() == Action.TRIGGER)
          .ifPresent(it -> known.add(text(it.message)));
    }
    return kept.equals(standing) && known.equals(standing)
        ? Optional.empty()
        : Optional.of(
            "%s stands, %s is written down, %s knows of %s"
                .formatted(standing, kept, host(), known));
  }

  private static String text(AlertEntry entry) {
    return (entry.alarm() + " " + entry.subject()).strip();
  }

  private static String text(AlertMessage message) {
    return (message.alarm().kind().word() + " " + message.alarm().subject()).strip();
  }

  /** Whether it has heard of something, and that it is over. */
  Optional<String> checkToldOf(AlarmKind kind) {
    var actions =
        byCause.values().stream()
            .flatMap(List::stream)
            .filter(it -> it.confirmed && it.message.alarm().kind() == kind)
            .map(it -> it.message.action())
            .toList();
    return actions.equals(List.of(Action.TRIGGER, Action.RESOLVE))
        ? Optional.empty()
        : Optional.of("%s has heard %s of %s".formatted(host(), actions, kind.word()));
  }
}
