package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.Behind;
import dev.genesysvault.rotation.OpenDestinations;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.RoleTrouble;
import dev.genesysvault.upkeep.ClientUpkeep;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks at what is known of a mount, whether something is wrong that somebody has to be told of.
 * What is asked of each kind of alarm is here, and nowhere else.
 */
public final class MountAlarms implements AlarmBoard {
  /** A rotation that fails for the third time fails for a reason. */
  private static final int FAILURES = 3;

  private final MountStates states;
  private final Sessions sessions;
  private final Connections connections;
  private final UpstreamAlarms upstream;
  private final Delays delays;
  private final Duration delay;
  private final Time time;

  /**
   * Makes one.
   *
   * @param delay how long something that may pass by itself lasts before it is an alarm
   */
  public MountAlarms(
      MountStates states,
      Sessions sessions,
      Connections connections,
      Delays delays,
      Duration delay,
      Time time) {
    this.states = states;
    this.sessions = sessions;
    this.connections = connections;
    this.upstream = new UpstreamAlarms(connections, delay, time);
    this.delays = delays;
    this.delay = delay;
    this.time = time;
  }

  /** Looks at a mount whose background session is open; may ask Genesys whether it is back. */
  public AlarmLook look(String mountUuid, ClientUpkeep.Actors actors) throws InterruptedException {
    var state = states.of(mountUuid);
    upstream.ask(mountUuid, state.upstream, actors);
    var now = time.now();
    var look = new AlarmLook.Builder();
    clients(state.clients, look, now);
    staticRoles(state, look, now);
    ListDoubts.look(connections.clientLists(mountUuid), state.clients::report, look, now);
    upstream.look(mountUuid, state.upstream, look, now);
    var seen = look.build(MOST, now);
    state.alarms = Optional.of(seen);
    return seen;
  }

  /** Forgets what was seen of a mount: its session is over. */
  public void over(String mountUuid) {
    states.of(mountUuid).alarms = Optional.empty();
  }

  /** Returns what stands of a mount, as of seconds ago; empty while its session is not open. */
  Optional<AlarmLook> of(String mountUuid) {
    return states.of(mountUuid).alarms;
  }

  @Override
  public List<OfMount> standing() {
    var all = new ArrayList<OfMount>();
    for (var mount : states.all()) {
      if (sessions.health(mount.mountUuid()).works()) {
        mount
            .state()
            .alarms
            .ifPresent(look -> all.add(new OfMount(mount.path(), look.alarms(), look.more())));
      }
    }
    return all;
  }

  private void clients(ClientQueue clients, AlarmLook.Builder look, Instant now) {
    var status = clients.status();
    var troubles = clients.troubles(delays.overdue(), MOST);
    for (var each : troubles.troubles()) {
      if (each.stuck()) {
        look.stands(new Alarm(AlarmKind.CLIENT_STUCK, each.key(), each.since(), each.error()));
      }
      if (each.late()) {
        var since = each.since().plus(delays.overdue());
        look.stands(new Alarm(AlarmKind.DECOMMISSION_OVERDUE, each.key(), since, each.error()));
      }
    }
    look.more(troubles.more(), AlarmKind.CLIENT_STUCK, AlarmKind.DECOMMISSION_OVERDUE);
    for (var name : status.unreadable()) {
      look.stands(new Alarm(AlarmKind.RECORD_UNREADABLE, name, now, ""));
    }
    var unusable = status.unusableJournal();
    if (!unusable.isEmpty()) {
      var entries = unusable.entrySet().stream().map(it -> it.getKey() + ": " + it.getValue());
      look.stands(AlarmKind.JOURNAL_UNUSABLE, now, Texts.some(entries.toList()));
    }
    if (!status.journalKnown()) {
      look.unknown(AlarmKind.JOURNAL_UNUSABLE);
    }
    if (!status.loaded()) {
      look.unknown(AlarmKind.CLIENT_STUCK);
      look.unknown(AlarmKind.RECORD_UNREADABLE);
      look.unknown(AlarmKind.DECOMMISSION_OVERDUE);
    } else {
      // Where a former version wrote its record, time is counted from the session's beginning.
      look.doubts(
          AlarmKind.DECOMMISSION_OVERDUE,
          (key, _) ->
              ClientKey.read(key)
                  .flatMap(clients::of)
                  .filter(ClientSnapshot::mayLogIn)
                  .isPresent());
    }
  }

  private void staticRoles(MountStates.State state, AlarmLook.Builder look, Instant now) {
    var roles = state.staticRoles;
    var present = state.present;
    var troubles = roles.troubles();
    if (troubles.isEmpty()) {
      look.unknown(AlarmKind.DECOMMISSION_OVERDUE);
      look.unknown(AlarmKind.ROTATION_OVERDUE);
      look.unknown(AlarmKind.ROTATION_FAILING);
      look.unknown(AlarmKind.PRESENT_CLIENT_GONE);
      look.unknown(AlarmKind.FORMER_CLIENT_IN_USE);
      look.unknown(AlarmKind.DRIFT);
      look.unknown(AlarmKind.DESTINATION_BEHIND);
      look.unknown(AlarmKind.STATIC_ROLE_UNREADABLE);
      return;
    }
    troubles.get().forEach(trouble -> staticRole(trouble, look, now));
    behind(troubles.get(), state.destinations, look, now);
    var unwatched =
        troubles.get().stream()
            .filter(RoleTrouble::unwatched)
            .map(RoleTrouble::name)
            .collect(Collectors.toSet());
    if (!unwatched.isEmpty()) {
      look.doubts(AlarmKind.ROTATION_OVERDUE, (role, _) -> unwatched.contains(role));
      // Whose former client that would be is what the look will show.
      look.unknown(AlarmKind.DECOMMISSION_OVERDUE);
    }
    present
        .gone()
        .forEach(
            (role, why) -> look.stands(new Alarm(AlarmKind.PRESENT_CLIENT_GONE, role, now, why)));
    look.doubts(
        AlarmKind.PRESENT_CLIENT_GONE,
        (role, since) ->
            !present.seenWell(role)
                && roles.of(role).filter(it -> !rotatedSince(it, since)).isPresent());
    look.doubts(
        AlarmKind.ROTATION_FAILING,
        (role, _) -> roles.of(role).filter(it -> mayFail(it, now)).isPresent());
    look.doubts(
        AlarmKind.DESTINATION_BEHIND,
        (role, _) -> roles.of(role).filter(it -> it.summary().behindSince() != null).isPresent());
    look.doubts(
        AlarmKind.FORMER_CLIENT_IN_USE,
        (role, _) -> roles.of(role).filter(MountAlarms::inGrace).isPresent());
  }

  private static boolean rotatedSince(RoleSnapshot role, Instant since) {
    var last = role.summary().lastRotation();
    return last != null && last.isAfter(since);
  }

  /** What has failed fewer times since the session began may have failed more often before. */
  private static boolean mayFail(RoleSnapshot role, Instant now) {
    return !role.lastError().isEmpty() || !role.due().isAfter(now);
  }

  private static boolean inGrace(RoleSnapshot role) {
    return role.summary().graceEnd() != null;
  }

  private record Late(String role, Behind behind) {}

  /** A destination that all roles name may be behind for all of them: the longest are told of. */
  private void behind(
      List<RoleTrouble> troubles,
      OpenDestinations destinations,
      AlarmLook.Builder look,
      Instant now) {
    var late = new ArrayList<Late>();
    for (var trouble : troubles) {
      var behind = trouble.behind();
      if (behind != null && !now.isBefore(behind.since().plus(delay))) {
        late.add(new Late(trouble.name(), behind));
      }
    }
    late.sort(Comparator.comparing(it -> it.behind.since()));
    for (var each : late.subList(0, Math.min(late.size(), MOST))) {
      var which = each.behind.text(destinations::whyLeftAlone);
      look.stands(new Alarm(AlarmKind.DESTINATION_BEHIND, each.role, each.behind.since(), which));
    }
    look.more(Math.max(0, late.size() - MOST), AlarmKind.DESTINATION_BEHIND);
  }

  private static void staticRole(RoleTrouble trouble, AlarmLook.Builder look, Instant now) {
    var role = trouble.name();
    var overdue = trouble.overdue();
    if (overdue != null) {
      var former = overdue.former();
      look.stands(
          former == null
              ? new Alarm(AlarmKind.ROTATION_OVERDUE, role, overdue.deadline(), overdue.what())
              : new Alarm(
                  AlarmKind.DECOMMISSION_OVERDUE,
                  former.value(),
                  overdue.deadline(),
                  "static role %s: %s".formatted(role, overdue.what())));
    }
    if (trouble.unreadable()) {
      look.stands(new Alarm(AlarmKind.STATIC_ROLE_UNREADABLE, role, now, trouble.error()));
    } else if (trouble.failures() >= FAILURES && trouble.failingSince() != null) {
      look.stands(
          new Alarm(AlarmKind.ROTATION_FAILING, role, trouble.failingSince(), trouble.error()));
    }
    if (trouble.inUseSince() != null) {
      look.stands(
          new Alarm(AlarmKind.FORMER_CLIENT_IN_USE, role, trouble.inUseSince(), trouble.inUse()));
    }
    if (!trouble.drifted().isEmpty()) {
      look.stands(new Alarm(AlarmKind.DRIFT, role, now, Texts.some(trouble.drifted())));
    }
  }
}
