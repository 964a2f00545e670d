package dev.genesysvault.page;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.MountOverview.Clients;
import dev.genesysvault.overview.MountOverview.Rotations;
import dev.genesysvault.overview.MountOverview.Session;
import dev.genesysvault.overview.RotationCalendar;
import dev.genesysvault.overview.RotationCalendar.Day;
import dev.genesysvault.overview.RotationCalendar.Planned;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.Reachability.Away;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Mounts as they may be, well and in trouble. */
final class PlayedMounts {
  /** Where mounts and calendars are now. */
  static final Instant NOW = FakeTime.START.plus(Duration.ofHours(30));

  private PlayedMounts() {}

  /** Returns one of which nothing is wrong. */
  static MountOverview well(String path, int clients, int roles) {
    return new MountOverview(
        path,
        new Session(true, true, ""),
        Optional.of(new Reachability.Reading(Optional.of(NOW.minusSeconds(20)), Optional.empty())),
        Optional.of(budget(Math.min(250, clients / 8), Duration.ZERO, Map.of())),
        Optional.of(clients(Map.of("issued", clients, "creating", 2, "retiring", 9))),
        Optional.of(
            new Rotations(
                roles,
                Map.of("idle", roles - 3, "grace", 3),
                0,
                0,
                0,
                0,
                0,
                Optional.empty(),
                "")));
  }

  /** Returns one that Genesys does not answer. */
  static MountOverview troubled(String path) {
    var away =
        new Away(
            NOW.minusSeconds(780),
            Duration.ofMinutes(13),
            41,
            NOW,
            "Genesys is unavailable: no connection to api.mypurecloud.de:443: it refused (GET /api/v2/oauth/clients)",
            "none",
            false);
    return new MountOverview(
        path,
        new Session(true, true, ""),
        Optional.of(
            new Reachability.Reading(Optional.of(NOW.minusSeconds(790)), Optional.of(away))),
        Optional.of(budget(120, Duration.ofSeconds(95), Map.of(Lane.ROTATE, 4, Lane.ISSUE, 17))),
        Optional.of(
            new Clients(
                Map.of("issued", 412, "retiring", 37, "stuck", 2),
                Map.of("deactivate", 25, "delete", 12),
                0,
                6,
                Duration.ofMinutes(13),
                0,
                0,
                Optional.of(NOW.plusSeconds(60)),
                "Genesys is unavailable")),
        Optional.of(
            new Rotations(
                88,
                Map.of("idle", 80, "created", 3, "grace", 5),
                7,
                3,
                1,
                0,
                2,
                Optional.of(NOW.plusSeconds(45)),
                "Genesys is unavailable")));
  }

  private static Clients clients(Map<String, Integer> states) {
    return new Clients(
        states,
        Map.of("deactivate", 2, "delete", 7),
        0,
        0,
        Duration.ofSeconds(4),
        0,
        0,
        Optional.empty(),
        "");
  }

  private static RateBudget.Reading budget(int used, Duration paused, Map<Lane, Integer> waiting) {
    return new RateBudget.Reading(
        300, 270, used, Duration.ofSeconds(37), paused, waiting, Map.of());
  }

  /** Returns a calendar of some roles. */
  static RotationCalendar calendar(String path, int roles, int overdue) {
    var random = new Random(path.hashCode());
    var days = new ArrayList<Day>();
    for (int offset = -RotationCalendar.DAYS; offset <= RotationCalendar.DAYS; offset++) {
      int count = random.nextInt(1 + roles / 20);
      int late = offset == -1 ? overdue : 0;
      if (count > 0 || late > 0) {
        days.add(new Day(offset, offset <= 0 ? count : 0, offset >= 0 ? count : 0, late));
      }
    }
    var late = new ArrayList<Planned>();
    for (int i = 0; i < Math.min(3, overdue); i++) {
      late.add(new Planned("billing-export-" + i, NOW.minusSeconds(86_400 + 3_600L * i)));
    }
    var next = new ArrayList<Planned>();
    for (int i = 0; i < 6; i++) {
      next.add(new Planned("contact-center-reporting-" + i, NOW.plusSeconds(7_200L * (i + 1))));
    }
    return new RotationCalendar(path, days, late, next);
  }

  /** Returns some alarms of each severity but the last. */
  static AlarmBoard.OfMount alarms(String path) {
    return new AlarmBoard.OfMount(
        path,
        List.of(
            new Alarm(
                AlarmKind.GENESYS_UNREACHABLE,
                "",
                NOW.minusSeconds(780),
                "Genesys is unavailable: no connection to api.mypurecloud.de:443"),
            new Alarm(
                AlarmKind.ROTATION_OVERDUE,
                "billing-export-0",
                NOW.minusSeconds(86_400),
                "the rotation of 2025-12-31T00:00:00Z has not begun"),
            new Alarm(
                AlarmKind.ROTATION_OVERDUE,
                "billing-export-1",
                NOW.minusSeconds(80_000),
                "the rotation of 2025-12-31T00:10:00Z has not begun"),
            new Alarm(AlarmKind.CLIENT_STUCK, "k0123456789", NOW.minusSeconds(5_000), "HTTP 403"),
            new Alarm(AlarmKind.DESTINATION_BEHIND, "billing-export-1", NOW, "HTTP 500"),
            new Alarm(AlarmKind.OWN_CREDENTIAL_ENDING, "", NOW.minusSeconds(200_000), "in 6 days"),
            new Alarm(AlarmKind.DRIFT, "billing-export-2", NOW.minusSeconds(300), "changed")),
        0);
  }
}
