package dev.genesysvault.page;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.Severity;
import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.RotationCalendar;
import dev.genesysvault.overview.RotationCalendar.Planned;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.upstream.Reachability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the page draws, as JSON knows it; times are seconds of Unix time. Bounded. */
final class PageData {
  /** Mounts that are shown, at most. */
  static final int MOST_MOUNTS = 100;

  /** Causes of alarms that are shown, at most, the worst first. */
  static final int MOST_ALARMS = 50;

  private static final int MOST_SUBJECTS = 5;

  /** The end of the year 9999. */
  private static final long LATEST = 253_402_300_799L;

  /** Stands for a name where none is shown. */
  private static final String NAME = "NAME";

  private PageData() {}

  /** Alarms of one kind and one mount: the first of them first. */
  private record Cause(String mount, AlarmKind kind, List<Alarm> alarms) {
    Alarm first() {
      return alarms.getFirst();
    }
  }

  /**
   * Returns the alarms, those of one kind and mount as one, the worst first; and what others follow
   * from before these.
   *
   * @param named whether roles and clients are named
   */
  static Map<String, Object> alarms(List<AlarmBoard.OfMount> board, boolean named) {
    var causes = new ArrayList<Cause>();
    long more = 0;
    for (var mount : board) {
      causes.addAll(causes(mount));
      more += mount.more();
    }
    causes.sort(
        Comparator.comparing((Cause it) -> it.kind.severity())
            .thenComparing(it -> it.kind.follows())
            .thenComparing(it -> it.first().since()));
    var data = new LinkedHashMap<String, Object>();
    for (var severity : Severity.values()) {
      data.put(
          severity.word(),
          causes.stream()
              .filter(it -> it.kind.severity() == severity)
              .mapToInt(it -> it.alarms.size())
              .sum());
    }
    data.put(
        "more", more + causes.stream().skip(MOST_ALARMS).mapToInt(it -> it.alarms.size()).sum());
    data.put("list", causes.stream().limit(MOST_ALARMS).map(it -> cause(it, named)).toList());
    return data;
  }

  private static List<Cause> causes(AlarmBoard.OfMount mount) {
    var byKind = new EnumMap<AlarmKind, List<Alarm>>(AlarmKind.class);
    for (var alarm : mount.alarms()) {
      byKind.computeIfAbsent(alarm.kind(), _ -> new ArrayList<>()).add(alarm);
    }
    var causes = new ArrayList<Cause>();
    byKind.forEach((kind, alarms) -> {
      alarms.sort(Comparator.comparing(Alarm::since));
      causes.add(new Cause(mount.mount(), kind, alarms));
    });
    return causes;
  }

  private static Map<String, Object> cause(Cause cause, boolean named) {
    var first = cause.first();
    var kind = cause.kind;
    boolean whole = first.subject().isEmpty();
    boolean one = named && cause.alarms.size() == 1;
    var data = new LinkedHashMap<String, Object>();
    data.put("mount", cause.mount);
    data.put("kind", kind.word());
    data.put("severity", kind.severity().word());
    data.put("meaning", kind.meaning());
    data.put("advice", kind.advice());
    data.put("count", cause.alarms.size());
    data.put("since", seconds(first.since()));
    data.put("path", cause.mount + kind.path(whole || one ? first.subject() : NAME));
    if (named) {
      data.put(
          "subjects",
          cause.alarms.stream()
              .map(Alarm::subject)
              .filter(subject -> !subject.isEmpty())
              .limit(MOST_SUBJECTS)
              .toList());
      data.put("detail", first.detail());
    }
    return data;
  }

  static Map<String, Object> mount(MountOverview mount) {
    var data = new LinkedHashMap<String, Object>();
    data.put("path", mount.path());
    var session = mount.session();
    data.put("session", session.works() ? "up" : session.open() ? "waiting" : "closed");
    data.put("session_trouble", session.trouble());
    mount.genesys().ifPresent(reading -> data.put("genesys", genesys(reading)));
    mount.budget().ifPresent(reading -> data.put("budget", budget(reading)));
    mount.clients().ifPresent(clients -> data.put("clients", clients(clients)));
    mount.rotations().ifPresent(rotations -> data.put("rotations", rotations(rotations)));
    return data;
  }

  private static Map<String, Object> genesys(Reachability.Reading reading) {
    var data = new LinkedHashMap<String, Object>();
    var away = reading.away();
    data.put(
        "status",
        away.map(it -> it.logInRefused() ? "log_in_refused" : "away")
            .orElse(reading.lastSuccess().isEmpty() ? "unknown" : "up"));
    putTime(data, "last_success", reading.lastSuccess());
    away.ifPresent(it -> {
      data.put("since", seconds(it.since()));
      data.put("reason", it.reason());
    });
    return data;
  }

  private static Map<String, Object> budget(RateBudget.Reading reading) {
    var data = new LinkedHashMap<String, Object>();
    data.put("allowed", reading.allowed());
    data.put("usable", reading.usable());
    data.put("used", reading.used());
    data.put("reset", reading.reset().toSeconds());
    data.put("paused", reading.paused().plusMillis(999).toSeconds());
    data.put(
        "waiting",
        reading.waiting().entrySet().stream()
            .filter(lane -> lane.getValue() > 0)
            .collect(Collectors.toMap(lane -> lane.getKey().word(), Map.Entry::getValue)));
    return data;
  }

  private static Map<String, Object> clients(MountOverview.Clients clients) {
    var data = new LinkedHashMap<String, Object>();
    data.put("states", clients.states());
    data.put("steps", clients.steps());
    data.put("leaked", clients.leaked());
    data.put("failing", clients.failing());
    data.put("oldest", clients.oldest().toSeconds());
    data.put("unreadable", clients.unreadable());
    data.put("journal_unusable", clients.journalUnusable());
    putTime(data, "paused_until", clients.paused());
    data.put("trouble", clients.trouble());
    return data;
  }

  private static Map<String, Object> rotations(MountOverview.Rotations rotations) {
    var data = new LinkedHashMap<String, Object>();
    data.put("known", rotations.known());
    data.put("phases", rotations.phases());
    data.put("failing", rotations.failing());
    data.put("overdue", rotations.overdue());
    data.put("drifted", rotations.drifted());
    data.put("emergencies", rotations.emergencies());
    data.put("behind", rotations.behind());
    putTime(data, "paused_until", rotations.paused());
    data.put("trouble", rotations.trouble());
    return data;
  }

  static Map<String, Object> calendar(RotationCalendar calendar) {
    var data = new LinkedHashMap<String, Object>();
    data.put("mount", calendar.mount());
    data.put(
        "days",
        calendar.days().stream()
            .map(day -> List.of(day.offset(), day.done(), day.planned(), day.overdue()))
            .toList());
    data.put("late", named(calendar.late()));
    data.put("next", named(calendar.next()));
    return data;
  }

  private static List<List<Object>> named(List<Planned> roles) {
    return roles.stream().map(role -> List.<Object>of(role.role(), seconds(role.at()))).toList();
  }

  /** No earlier and no later than what browsers, and people, take for a date. */
  private static long seconds(Instant time) {
    return Math.clamp(time.getEpochSecond(), 0, LATEST);
  }

  private static void putTime(Map<String, Object> data, String name, Optional<Instant> time) {
    time.ifPresent(at -> data.put(name, seconds(at)));
  }
}
