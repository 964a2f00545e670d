package dev.genesysvault.engine.mount;

import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.MountOverview.Clients;
import dev.genesysvault.overview.MountOverview.Rotations;
import dev.genesysvault.overview.MountOverview.Session;
import dev.genesysvault.overview.Overview;
import dev.genesysvault.overview.RotationCalendar;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is shown of each mount that is there, from memory alone. Takes the monitor of one queue at a
 * time, for a walk over what is in it.
 */
public final class MountOverviews implements Overview {
  private final MountStates states;
  private final Sessions sessions;
  private final Connections connections;
  private final Time time;

  public MountOverviews(MountStates states, Sessions sessions, Connections connections, Time time) {
    this.states = states;
    this.sessions = sessions;
    this.connections = connections;
    this.time = time;
  }

  private Stream<MountStates.Known> present() {
    return states.all().stream()
        .filter(mount -> mount.state().clients.isOpen() || mount.heardLately())
        .sorted(Comparator.comparing(MountStates.Known::shownPath));
  }

  @Override
  public List<MountOverview> mounts() {
    return present().map(this::overview).toList();
  }

  @Override
  public List<RotationCalendar> calendars(boolean named) {
    var now = time.now();
    return present()
        .map(mount ->
            CalendarOfRoles.of(mount.shownPath(), mount.state().staticRoles.all(), now, named))
        .toList();
  }

  private MountOverview overview(MountStates.Known mount) {
    boolean open = mount.state().clients.isOpen();
    var health = sessions.health(mount.mountUuid());
    return new MountOverview(
        mount.shownPath(),
        new Session(open, open && health.works(), health.trouble()),
        connections.reachability(mount.mountUuid()),
        connections.budget(mount.mountUuid()),
        open ? clients(mount.state()) : Optional.empty(),
        open ? rotations(mount.state()) : Optional.empty());
  }

  private static Optional<Clients> clients(MountStates.State state) {
    var report = state.clients.report();
    var status = report.status();
    if (!status.loaded()) {
      return Optional.empty();
    }
    var counts = report.counts();
    return Optional.of(
        new Clients(
            words(counts.states(), MountOverviews::word),
            words(counts.steps(), MountOverviews::word),
            counts.leaked(),
            counts.failing(),
            counts.oldest(),
            status.unreadable().size(),
            status.unusableJournal().size(),
            status.paused(),
            status.trouble()));
  }

  private static Optional<Rotations> rotations(MountStates.State state) {
    var status = state.staticRoles.status();
    return status.loaded()
        ? Optional.of(
            new Rotations(
                status.known(),
                words(status.phases(), Phase::word),
                status.failing(),
                status.overdue(),
                state.present.failing(),
                status.emergencies(),
                status.behind(),
                status.paused(),
                status.reason()))
        : Optional.empty();
  }

  private static <K> Map<String, Integer> words(Map<K, Integer> counts, Function<K, String> word) {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(entry -> word.apply(entry.getKey()), Map.Entry::getValue));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
