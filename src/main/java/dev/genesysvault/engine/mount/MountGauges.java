package dev.genesysvault.engine.mount;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.RequestResult;
import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.queue.ClientQueueReport;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.RotationQueueStatus;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.TokenOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What metrics show of each mount that is there, from memory alone: what {@code status} shows, as
 * numbers. Takes the monitor of one queue at a time, for a walk over what is in it.
 */
public final class MountGauges implements Gauges {
  /** Why a revoke asks Genesys once more. */
  public static final String RETRIED_REVOKE = "unavailable";

  /** What alarms are about: everything that may come of these shows a 0 before it has. */
  private static final Map<String, List<Operation>> COUNTED =
      Map.of(
          "creds/name", List.of(Operation.READ),
          "static-creds/name", List.of(Operation.READ),
          "rotate-role/name", List.of(Operation.UPDATE),
          "lease", List.of(Operation.RENEW, Operation.REVOKE));

  private final MountStates states;
  private final Sessions sessions;
  private final Connections connections;
  private final Time time;

  public MountGauges(MountStates states, Sessions sessions, Connections connections, Time time) {
    this.states = states;
    this.sessions = sessions;
    this.connections = connections;
    this.time = time;
  }

  @Override
  public void read(Readings readings) {
    readings.begun(Metric.JOURNAL_TAKEN_OVER);
    readings.begun(Metric.GENESYS_RETRIES, RETRIED_REVOKE);
    shown().forEach(mount -> read(mount, readings));
  }

  /** One mount, with what its clients' queue says. */
  private record Shown(MountStates.Known known, ClientQueueReport report) {
    /** A mount that was disabled and made again under its path has two; the open one is there. */
    Shown or(Shown other) {
      if (report.open() != other.report.open()) {
        return report.open() ? this : other;
      }
      return known.silent().compareTo(other.known.silent()) <= 0 ? this : other;
    }
  }

  /** Returns those that are there, one of each path. */
  private Collection<Shown> shown() {
    var byPath = new LinkedHashMap<String, Shown>();
    for (var known : states.all()) {
      var each = new Shown(known, known.state().clients.report());
      if (each.report.open() || known.heardLately()) {
        // No path begins with a slash: those whose path nobody has told are told apart.
        var path = known.path().isEmpty() ? "/" + known.mountUuid() : known.path();
        byPath.merge(path, each, Shown::or);
      }
    }
    return byPath.values();
  }

  private void read(Shown shown, Readings readings) {
    var known = shown.known;
    var mount = known.shownPath();
    readings.present(mount);
    COUNTED.forEach((path, operations) ->
        operations.forEach(operation -> begun(mount, path, operation, readings)));
    boolean open = shown.report.open();
    if (!open && !known.writable()) {
      // Another node is the active one, or the mount is gone: nothing is wrong here.
      return;
    }
    boolean works = open && sessions.health(known.mountUuid()).works();
    readings.is(Metric.SESSION_OPEN, works ? 1 : 0, mount);
    if (open) {
      clients(shown.report, mount, readings);
      rotations(known.state(), mount, readings);
    }
    contact(known.mountUuid(), mount, readings);
    connections.budget(known.mountUuid()).ifPresent(reading -> budget(reading, mount, readings));
  }

  private void contact(String mountUuid, String mount, Readings readings) {
    var contact = connections.reachability(mountUuid).orElse(Reachability.Reading.UNKNOWN);
    var success = Metric.GENESYS_LAST_SUCCESS_TIMESTAMP_SECONDS;
    contact.lastSuccess().ifPresent(at -> readings.is(success, epoch(at), mount));
    var failing = Metric.GENESYS_FAILING_SINCE_TIMESTAMP_SECONDS;
    contact.away().ifPresent(away -> readings.is(failing, epoch(away.since()), mount));
    connections
        .owner(mountUuid)
        .flatMap(TokenOwner::end)
        .ifPresent(
            at -> readings.is(Metric.OWN_CREDENTIAL_END_TIMESTAMP_SECONDS, epoch(at), mount));
    connections
        .credentialTime(mountUuid)
        .ifPresent(at ->
            readings.is(
                Metric.OWN_CREDENTIAL_AGE_SECONDS,
                Math.max(0, seconds(Duration.between(at, time.now()))),
                mount));
  }

  private static double epoch(Instant at) {
    return at.getEpochSecond();
  }

  private static void begun(String mount, String path, Operation operation, Readings readings) {
    for (var result : RequestResult.values()) {
      readings.begun(Metric.REQUESTS, mount, path, operation.word(), result.word());
    }
  }

  private void clients(ClientQueueReport report, String mount, Readings readings) {
    var status = report.status();
    readings.is(Metric.SESSION_LOADED, status.loaded() ? 1 : 0, mount);
    readings.is(Metric.SESSION_PAUSE_SECONDS, left(status.paused()), mount);
    if (status.journalKnown()) {
      readings.is(Metric.JOURNAL_UNUSABLE, status.unusableJournal().size(), mount);
    }
    if (!status.loaded()) {
      // A zero of somebody who knows nothing would be taken for an answer.
      return;
    }
    var counts = report.counts();
    for (var each : State.values()) {
      readings.is(Metric.CLIENTS, counts.states().getOrDefault(each, 0), mount, word(each));
    }
    counts
        .steps()
        .forEach((step, count) -> readings.is(Metric.CLIENTS_LEAVING, count, mount, word(step)));
    readings.is(Metric.CLIENTS_MAY_LOG_IN, counts.mayLogIn(), mount);
    readings.is(Metric.CLIENTS_LEAKED, counts.leaked(), mount);
    readings.is(Metric.CLIENTS_FAILING, counts.failing(), mount);
    readings.is(Metric.CLIENTS_UNREADABLE, status.unreadable().size(), mount);
    readings.is(Metric.CLIENTS_OLDEST_WAITING_SECONDS, seconds(counts.oldest()), mount);
  }

  private void rotations(MountStates.State state, String mount, Readings readings) {
    var status = state.staticRoles.status();
    if (!status.loaded()) {
      return;
    }
    for (var phase : Phase.values()) {
      readings.is(Metric.STATIC_ROLES, status.phases().getOrDefault(phase, 0), mount, phase.word());
    }
    readings.is(Metric.STATIC_ROLES_FAILING, (double) status.failing(), mount);
    readings.is(Metric.STATIC_ROLES_OVERDUE, (double) status.overdue(), mount);
    readings.is(Metric.STATIC_ROLES_DRIFTED, (double) state.present.failing(), mount);
    readings.is(Metric.STATIC_ROLES_EMERGENCY, (double) status.emergencies(), mount);
    readings.is(Metric.STATIC_ROLES_PAUSE_SECONDS, left(status.paused()), mount);
    readings.is(Metric.DESTINATIONS_BEHIND, (double) status.behind(), mount);
    times(status, mount, readings);
    if (readings.rolesNamed()) {
      state.staticRoles.all().forEach(role -> role(role, mount, readings));
    }
  }

  private static void times(RotationQueueStatus status, String mount, Readings readings) {
    var next = Metric.STATIC_ROLES_NEXT_ROTATION_TIMESTAMP_SECONDS;
    status.next().ifPresent(at -> readings.is(next, (double) at.getEpochSecond(), mount));
    var last = Metric.STATIC_ROLES_LAST_ROTATION_TIMESTAMP_SECONDS;
    status.last().ifPresent(at -> readings.is(last, (double) at.getEpochSecond(), mount));
    var oldest = Metric.STATIC_ROLES_LONGEST_UNROTATED_TIMESTAMP_SECONDS;
    status.oldest().ifPresent(at -> readings.is(oldest, (double) at.getEpochSecond(), mount));
  }

  private static void role(RoleSnapshot role, String mount, Readings readings) {
    boolean trouble = !role.lastError().isEmpty() || !role.overdue().isEmpty();
    readings.is(Metric.STATIC_ROLE_IN_TROUBLE, trouble ? 1 : 0, mount, role.name());
    var next = role.summary().nextRotation();
    if (next != null) {
      readings.is(
          Metric.STATIC_ROLE_NEXT_ROTATION_TIMESTAMP_SECONDS,
          (double) next.getEpochSecond(),
          mount,
          role.name());
    }
    var last = role.summary().lastRotation();
    if (last != null) {
      readings.is(
          Metric.STATIC_ROLE_LAST_ROTATION_TIMESTAMP_SECONDS,
          (double) last.getEpochSecond(),
          mount,
          role.name());
    }
  }

  private static void budget(RateBudget.Reading reading, String mount, Readings readings) {
    readings.is(Metric.BUDGET_ALLOWED_REQUESTS, reading.allowed(), mount);
    readings.is(Metric.BUDGET_USABLE_REQUESTS, reading.usable(), mount);
    int remaining = Math.max(0, reading.usable() - reading.used());
    readings.is(Metric.BUDGET_REMAINING_REQUESTS, remaining, mount);
    readings.is(Metric.BUDGET_RESET_SECONDS, seconds(reading.reset()), mount);
    readings.is(Metric.BUDGET_PAUSE_SECONDS, seconds(reading.paused()), mount);
    for (var lane : Lane.values()) {
      readings.is(
          Metric.BUDGET_WAITING_REQUESTS,
          reading.waiting().getOrDefault(lane, 0),
          mount,
          lane.word());
    }
  }

  private double left(Optional<Instant> until) {
    return Math.max(0, until.map(end -> seconds(Duration.between(time.now(), end))).orElse(0.0));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
