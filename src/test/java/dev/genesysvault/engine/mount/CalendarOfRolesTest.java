package dev.genesysvault.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.overview.RotationCalendar;
import dev.genesysvault.overview.RotationCalendar.Day;
import dev.genesysvault.overview.RotationCalendar.Planned;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.RoleSummary;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rotations are counted by day of UTC. */
final class CalendarOfRolesTest {
  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private final List<RoleSnapshot> roles = new ArrayList<>();

  private static Instant day(int offset) {
    return NOW.plus(Duration.ofDays(offset));
  }

  private void role(
      String name, @Nullable Instant next, String overdue, Instant watch, Instant... rotations) {
    var summary =
        new RoleSummary(
            Phase.IDLE,
            "",
            "",
            "",
            null,
            next,
            null,
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(),
            watch,
            List.of(rotations));
    roles.add(new RoleSnapshot(name, summary, NOW, 0, "", overdue, List.of(), Map.of(), 0));
  }

  private RotationCalendar calendar(boolean named) {
    return CalendarOfRoles.of("genesys/", roles, NOW, named);
  }

  @Test
  void counts_what_was_done_and_what_is_planned() {
    role("a", day(30), "", Instant.MAX, day(-60), day(-30));
    role("b", day(30), "", Instant.MAX, day(-30));

    assertThat(calendar(false).days())
        .containsExactly(new Day(-60, 1, 0, 0), new Day(-30, 2, 0, 0), new Day(30, 0, 2, 0));
  }

  @Test
  void what_lies_further_off_is_not_shown() {
    role("a", day(91), "", Instant.MAX, day(-91), day(-90));
    role("b", day(90), "", Instant.MAX);
    role("never", null, "", Instant.MAX);

    assertThat(calendar(false).days()).containsExactly(new Day(-90, 1, 0, 0), new Day(90, 0, 1, 0));
  }

  @Test
  void a_day_is_one_of_utc() {
    role("a", Instant.parse("2026-03-10T23:59:59Z"), "", Instant.MAX);
    role("b", Instant.parse("2026-03-11T00:00:00Z"), "", Instant.MAX);

    assertThat(calendar(false).days()).containsExactly(new Day(0, 0, 1, 0), new Day(1, 0, 1, 0));
  }

  @Test
  void what_was_due_a_moment_ago_is_planned_for_today() {
    role("a", day(-2), "", Instant.MAX);

    assertThat(calendar(false).days()).containsExactly(new Day(0, 0, 1, 0));
  }

  @Test
  void what_is_overdue_stands_where_it_should_have_been() {
    role("late", day(-3), "has not begun", day(-3));
    role("later", day(20), "its former client is there", day(-400));

    assertThat(calendar(false).days()).containsExactly(new Day(-90, 0, 0, 1), new Day(-3, 0, 0, 1));
  }

  @Test
  void names_the_first_roles_where_that_is_allowed() {
    for (int i = 0; i < 30; i++) {
      role("role-" + i, day(30 - i), "", Instant.MAX);
    }
    role("late", day(-3), "has not begun", day(-2));

    assertThat(calendar(false).next()).isEmpty();
    assertThat(calendar(true).next())
        .hasSize(RotationCalendar.MOST_ROLES)
        .startsWith(new Planned("role-29", day(1)), new Planned("role-28", day(2)));
    assertThat(calendar(true).late()).containsExactly(new Planned("late", day(-2)));
  }

  @Test
  void what_is_overdue_since_nobody_knows_when_stands_at_today_and_what_is_due_never_nowhere() {
    role("unreadable", null, "has not begun", Instant.MAX);
    role("ever", Instant.MIN, "has not begun", Instant.MIN);
    role("never", Instant.MAX, "", Instant.MAX, Instant.MIN, Instant.MAX);
    role("at once", Instant.MIN, "", Instant.MAX);

    assertThat(calendar(true).days()).containsExactly(new Day(-90, 0, 0, 1), new Day(0, 0, 1, 1));
    assertThat(calendar(true).late())
        .containsExactly(new Planned("ever", Instant.MIN), new Planned("unreadable", NOW));
  }
}
