package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.storage.RotationTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RotationScheduleTest {
  private static final Instant NOW = Instant.parse("2026-03-10T10:15:00Z");
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void a_period_counts_from_the_last_rotation() {
    assertThat(schedule(periodic(Duration.ZERO), "crm").nextAfter(NOW)).isEqualTo(NOW.plus(MONTH));
  }

  @Test
  void a_stagger_never_makes_a_period_longer_and_is_the_same_for_a_role_every_time() {
    var stagger = Duration.ofDays(3);
    for (int i = 0; i < 100; i++) {
      var next = schedule(periodic(stagger), "role-" + i).nextAfter(NOW);

      assertThat(next).isBetween(NOW.plus(MONTH).minus(stagger), NOW.plus(MONTH));
      assertThat(schedule(periodic(stagger), "role-" + i).nextAfter(NOW)).isEqualTo(next);
    }
  }

  @Test
  void a_stagger_spreads_roles_evenly() {
    var perDay = new int[3];
    IntStream.range(0, 3_000)
        .mapToObj(i -> schedule(periodic(Duration.ofDays(3)), "role-" + i).nextAfter(NOW))
        .forEach(next -> perDay[(int) Duration.between(next, NOW.plus(MONTH)).toDays()]++);

    assertThat(perDay)
        .satisfies(days -> {
          for (int day : days) {
            assertThat(day).isBetween(850, 1_150);
          }
        });
  }

  @Test
  void a_cron_slot_is_in_utc() {
    assertThat(schedule(cron("0 3 1 * *", Duration.ZERO), "crm").nextAfter(NOW))
        .isEqualTo(Instant.parse("2026-04-01T03:00:00Z"));
    assertThat(schedule(cron("*/20 * * * *", Duration.ZERO), "crm").nextAfter(NOW))
        .isEqualTo(Instant.parse("2026-03-10T10:20:00Z"));
  }

  @Test
  void the_period_under_a_schedule_is_the_time_between_its_slots() {
    assertThat(schedule(cron("0 3 * * *", Duration.ZERO), "crm").period(NOW))
        .isEqualTo(Duration.ofDays(1));
  }

  @Test
  void a_window_closes() {
    var schedule = schedule(cron("0 3 * * *", HOUR), "crm");
    var slot = Instant.parse("2026-03-11T03:00:00Z");

    assertThat(schedule.open(slot, slot.plus(HOUR).minusSeconds(1))).isTrue();
    assertThat(schedule.open(slot, slot.plus(HOUR))).isFalse();
    assertThat(schedule(cron("0 3 * * *", Duration.ZERO), "crm").open(slot, slot.plus(MONTH)))
        .isTrue();
  }

  @Test
  void what_is_no_cron_expression_is_refused() {
    for (var text : new String[] {"", "every day", "0 3 * *", "0 0 3 * * *", "61 3 * * *"}) {
      assertThatThrownBy(() -> CronSchedule.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("five fields");
    }
    assertThatThrownBy(() -> CronSchedule.parse("0 0 30 2 *"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RotationTiming periodic(Duration stagger) {
    return new RotationTiming(MONTH, "", Duration.ZERO, HOUR, stagger, Duration.ZERO);
  }

  private static RotationTiming cron(String text, Duration window) {
    return new RotationTiming(Duration.ZERO, text, window, HOUR, Duration.ZERO, Duration.ZERO);
  }

  private static RotationSchedule schedule(RotationTiming timing, String role) {
    return new RotationSchedule(timing, "mount-1", role);
  }
}
