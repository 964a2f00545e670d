package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upkeep.ClientUpkeep;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.TokenOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether Genesys is there for a mount, and what follows where it is not: while the cause stands,
 * and for a while after, what waits for it is one alarm and not one a role.
 */
final class UpstreamAlarms {
  /** How many times the delay work that was held up may take to be done once Genesys is back. */
  private static final int CATCHING_UP = 2;

  /** How many times the delay a pause lasts that is an alarm: ten minutes. */
  private static final int LONG_PAUSE = 2;

  private static final Duration BETWEEN_CALLS = Duration.ofMinutes(1);
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Set<AlarmKind> ROOTS =
      EnumSet.of(
          AlarmKind.GENESYS_UNREACHABLE, AlarmKind.OWN_CREDENTIAL_REFUSED, AlarmKind.BUDGET_PAUSED);

  private final Connections connections;
  private final Duration delay;
  private final Time time;

  UpstreamAlarms(Connections connections, Duration delay, Time time) {
    this.connections = connections;
    this.delay = delay;
    this.time = time;
  }

  /** What is remembered of one mount from look to look, by its session's task alone. */
  static final class Memory {
    private @Nullable Instant pausedSince;
    private @Nullable Instant rootSince;

    /** Until when what has begun in the meantime is no news; null where nothing has. */
    private @Nullable Deadline follows;

    private @Nullable Deadline nextCall;
    private Duration between = Duration.ZERO;

    /** As of which configurations it was asked, which says when the own client ends. */
    private long asked = -1;
  }

  /**
   * Asks Genesys whether it is there, since maybe nobody else does, and until when the mount's own
   * client is: once a minute while it is away, and some minutes after the session's beginning and
   * once an hour while it is not.
   */
  void ask(String mountUuid, Memory memory, ClientUpkeep.Actors actors)
      throws InterruptedException {
    var between = between(mountUuid, memory);
    if (!between.equals(memory.between)) {
      memory.between = between;
      memory.nextCall = Deadline.in(between, time);
    } else if (memory.nextCall != null && memory.nextCall.over()) {
      if (actors.current() instanceof ClientUpkeep.ActorState.Ready(var actor)) {
        var context = new CallContext(Lane.LOOK, Deadline.in(PATIENCE, time));
        long configured = connections.generation();
        if (actor.genesys().directory().tokenOwner(context) instanceof Ok<TokenOwner>(var owner)) {
          connections.learnt(mountUuid, owner);
        }
        if (reachability(mountUuid).away().isEmpty()) {
          memory.asked = configured;
        }
        between = between(mountUuid, memory);
      }
      memory.between = between;
      memory.nextCall = Deadline.in(between, time);
    }
  }

  private Duration between(String mountUuid, Memory memory) {
    var reading = reachability(mountUuid);
    if (reading.away().isPresent()) {
      return delay.compareTo(BETWEEN_CALLS) < 0 ? delay : BETWEEN_CALLS;
    }
    return reading.lastSuccess().isPresent() && memory.asked == connections.generation()
        ? IDLE
        : delay;
  }

  /** Looks whether Genesys is there, and puts together what follows where it is not. */
  void look(String mountUuid, Memory memory, AlarmLook.Builder look, Instant now) {
    reach(mountUuid, look);
    pause(mountUuid, memory, look, now);
    OwnClientEnd.look(connections.owner(mountUuid), look, now);
    follow(memory, look, isUncertain(mountUuid));
  }

  /** Whether nobody can say yet whether Genesys is there: what follows from that may be no news. */
  private boolean isUncertain(String mountUuid) {
    var reading = reachability(mountUuid);
    return reading.away().isPresent() || reading.lastSuccess().isEmpty();
  }

  private Reachability.Reading reachability(String mountUuid) {
    return connections.reachability(mountUuid).orElse(Reachability.Reading.UNKNOWN);
  }

  private void reach(String mountUuid, AlarmLook.Builder look) {
    var reading = reachability(mountUuid);
    reading
        .away()
        .filter(away -> away.lasting().compareTo(delay) >= 0)
        .ifPresent(away ->
            look.stands(
                away.logInRefused()
                    ? AlarmKind.OWN_CREDENTIAL_REFUSED
                    : AlarmKind.GENESYS_UNREACHABLE,
                away.since(),
                away.reason()));
    if (reading.away().isPresent() || reading.lastSuccess().isEmpty()) {
      look.unknown(AlarmKind.GENESYS_UNREACHABLE);
      look.unknown(AlarmKind.OWN_CREDENTIAL_REFUSED);
    }
  }

  private void pause(String mountUuid, Memory memory, AlarmLook.Builder look, Instant now) {
    var left = connections.budget(mountUuid).map(it -> it.paused()).orElse(Duration.ZERO);
    if (left.isZero()) {
      memory.pausedSince = null;
      return;
    }
    var since = memory.pausedSince == null ? now : memory.pausedSince;
    memory.pausedSince = since;
    var whole = Duration.between(since, now).plus(left);
    if (whole.compareTo(delay.multipliedBy(LONG_PAUSE)) >= 0) {
      look.stands(
          AlarmKind.BUDGET_PAUSED,
          since,
          "no call for another %d minutes".formatted(left.toMinutes() + 1));
    } else {
      look.unknown(AlarmKind.BUDGET_PAUSED);
    }
  }

  private void follow(Memory memory, AlarmLook.Builder look, boolean uncertain) {
    var root =
        look.alarms().stream()
            .filter(alarm -> ROOTS.contains(alarm.kind()))
            .map(Alarm::since)
            .min(Instant::compareTo);
    if (root.isPresent()) {
      // One answer in an outage does not make what came before it old.
      var first = memory.rootSince;
      memory.rootSince = first != null && first.isBefore(root.get()) ? first : root.get();
      memory.follows = Deadline.in(delay.multipliedBy(CATCHING_UP), time);
    }
    var since = memory.rootSince;
    var follows = memory.follows;
    if (since == null || follows == null || follows.over()) {
      memory.rootSince = null;
      memory.follows = null;
      if (uncertain) {
        look.unknown(AlarmKind.CONSEQUENCES);
        hold(look);
      }
      return;
    }
    var others = new ArrayList<Alarm>();
    var following = new ArrayList<Alarm>();
    for (var alarm : look.alarms()) {
      boolean news = !alarm.kind().follows() || alarm.since().isBefore(since);
      (news ? others : following).add(alarm);
    }
    if (root.isPresent() || look.doubted(AlarmKind.ROTATION_OVERDUE)) {
      // What follows may not have been looked at yet, and is not over before Genesys is back.
      look.unknown(AlarmKind.CONSEQUENCES);
    }
    doubt(following, look);
    // That a step fails while Genesys is away is the same thing said twice.
    if (following.stream().anyMatch(it -> it.kind() != AlarmKind.ROTATION_FAILING)) {
      others.add(new Alarm(AlarmKind.CONSEQUENCES, "", since, told(following, look.takeMore())));
    }
    look.replace(others);
  }

  /** Leaves out what may follow, without saying that it is over. */
  private static void hold(AlarmLook.Builder look) {
    var byKind =
        look.alarms().stream().collect(Collectors.partitioningBy(it -> it.kind().follows()));
    doubt(byKind.getOrDefault(true, List.of()), look);
    look.replace(byKind.getOrDefault(false, List.of()));
  }

  /** What is not said of itself is not over. */
  private static void doubt(List<Alarm> unsaid, AlarmLook.Builder look) {
    for (var alarm : unsaid) {
      look.doubts(alarm.kind(), (subject, _) -> subject.equals(alarm.subject()));
    }
  }

  private static String told(List<Alarm> following, int more) {
    var names =
        following.stream().map(it -> it.kind().word() + " " + it.subject()).sorted().toList();
    return "%,d: %s".formatted(names.size() + more, Texts.some(names));
  }
}
