package dev.genesysvault.engine.mount;

import dev.genesysvault.overview.RotationCalendar;
import dev.genesysvault.overview.RotationCalendar.Day;
import dev.genesysvault.overview.RotationCalendar.Planned;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.RoleSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts the rotations of a mount's static roles by day. */
final class CalendarOfRoles {
  private final long today;
  private final TreeMap<Integer, Count> days = new TreeMap<>();

  private CalendarOfRoles(Instant now) {
    this.today = day(now);
  }

  private static final class Count {
    private int done;
    private int planned;
    private int overdue;
  }

  /**
   * Returns a mount's.
   *
   * @param named whether roles are named
   */
  static RotationCalendar of(String mount, List<RoleSnapshot> roles, Instant now, boolean named) {
    var calendar = new CalendarOfRoles(now);
    roles.forEach(calendar::add);
    return new RotationCalendar(
        mount,
        calendar.days.entrySet().stream()
            .map(day ->
                new Day(
                    day.getKey(),
                    day.getValue().done,
                    day.getValue().planned,
                    day.getValue().overdue))
            .toList(),
        named ? first(roles, CalendarOfRoles::late, role -> lateSince(role, now)) : List.of(),
        named ? first(roles, role -> !late(role), RoleSummary::nextRotation) : List.of());
  }

  private static List<Planned> first(
      List<RoleSnapshot> roles,
      Predicate<RoleSnapshot> which,
      Function<RoleSummary, @Nullable Instant> when) {
    return roles.stream()
        .filter(which)
        .flatMap(role ->
            Stream.ofNullable(when.apply(role.summary())).map(at -> new Planned(role.name(), at)))
        .sorted(Comparator.comparing(Planned::at))
        .limit(RotationCalendar.MOST_ROLES)
        .toList();
  }

  /** What was read of it since may know no time, or another one. */
  private static Instant lateSince(RoleSummary role, Instant now) {
    return role.watch().isAfter(now) ? now : role.watch();
  }

  private static boolean late(RoleSnapshot role) {
    return !role.overdue().isEmpty();
  }

  private void add(RoleSnapshot role) {
    for (var rotation : role.summary().rotations()) {
      long offset = day(rotation) - today;
      if (-offset <= RotationCalendar.DAYS && offset <= 0) {
        count(offset).done++;
      }
    }
    if (late(role)) {
      // What has been late for longer than is shown stands at the edge.
      count(Math.clamp(day(role.summary().watch()) - today, -RotationCalendar.DAYS, 0)).overdue++;
      return;
    }
    var next = role.summary().nextRotation();
    if (next != null && day(next) - today <= RotationCalendar.DAYS) {
      // What was due a moment ago is done now.
      count(Math.max(0, day(next) - today)).planned++;
    }
  }

  private Count count(long offset) {
    return days.computeIfAbsent((int) offset, _ -> new Count());
  }

  /** Of any time at all: what is due never has a day that no calendar date has. */
  private static long day(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), Duration.ofDays(1).toSeconds());
  }
}
