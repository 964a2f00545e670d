package dev.genesysvault.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.observe.Answer;
import dev.genesysvault.overview.MountOverview.Clients;
import dev.genesysvault.overview.RotationCalendar;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedOverview;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page answers, and to whom. */
final class StatusPageTest {
  private final FakeTime time = new FakeTime();
  private final PlayedOverview overview = new PlayedOverview();
  private final List<AlarmBoard.OfMount> alarms = new ArrayList<>();
  private StatusPage page = page(false);

  private StatusPage page(boolean named) {
    return new StatusPage(
        "v1", FakeTime.START, overview, () -> alarms, named, time, new SystemLocks());
  }

  private Answer ask(String path) {
    return page.answer(path).orElseThrow();
  }

  private JsonNode data() throws Exception {
    time.advance(Duration.ofMinutes(1));
    return new ObjectMapper().readTree(ask("/page.json").body());
  }

  @Test
  void the_document_allows_its_own_style_and_script_and_nothing_else() throws Exception {
    var answer = ask("/");
    var text = new String(answer.body(), UTF_8);
    var policy = answer.headers().getOrDefault("Content-Security-Policy", "");

    assertThat(policy)
        .startsWith("default-src 'none'; ")
        .contains("style-src 'sha256-" + hash(text, "<style>", "</style>") + "'")
        .contains("script-src 'sha256-" + hash(text, "<script>", "</script>") + "'")
        .contains("connect-src 'self'", "base-uri 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(text).startsWith("<!doctype html>");
    var code = text.replace("http://www.w3.org/2000/svg", "");
    for (var forbidden : List.of("http:", "https:", "innerHTML", "eval(", "style=\"")) {
      assertThat(code.contains(forbidden)).as(forbidden).isFalse();
    }
  }

  private static String hash(String text, String begin, String end) throws Exception {
    var part = text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end));
    var digest = MessageDigest.getInstance("SHA-256").digest(part.getBytes(UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page.json"})
  void nothing_is_kept_framed_or_guessed(String path) {
    assertThat(ask(path).headers())
        .containsEntry("Cache-Control", "no-store")
        .containsEntry("X-Frame-Options", "DENY")
        .containsEntry("X-Content-Type-Options", "nosniff")
        .containsEntry("Referrer-Policy", "no-referrer");
  }

  @Test
  void other_paths_are_not_the_pages() {
    assertThat(page.answer("/page.js")).isEmpty();
  }

  @Test
  void shows_mounts_as_they_are() throws Exception {
    overview.with(PlayedMounts.troubled("genesys/")).with(PlayedMounts.calendar("genesys/", 88, 3));

    var mount = data().path("mounts").path(0);

    assertThat(mount.path("path").asText()).isEqualTo("genesys/");
    assertThat(mount.path("session").asText()).isEqualTo("up");
    assertThat(mount.path("genesys").path("status").asText()).isEqualTo("away");
    assertThat(mount.path("budget").path("paused").asInt()).isEqualTo(95);
    assertThat(mount.path("budget").path("waiting").path("issue").asInt()).isEqualTo(17);
    assertThat(mount.path("clients").path("states").path("stuck").asInt()).isEqualTo(2);
    assertThat(mount.path("rotations").path("overdue").asInt()).isEqualTo(3);
    assertThat(data().path("calendar").path(0).path("days")).isNotEmpty();
    assertThat(data().path("calendar").path(0).path("late")).isEmpty();
  }

  @Test
  void times_that_no_calendar_has_are_shown_as_the_nearest_that_one_has() throws Exception {
    page = page(true);
    overview.with(
        new RotationCalendar(
            "genesys/",
            List.of(),
            List.of(new RotationCalendar.Planned("late", Instant.MIN)),
            List.of(new RotationCalendar.Planned("next", Instant.MAX))));
    alarms.add(
        new AlarmBoard.OfMount(
            "genesys/", List.of(new Alarm(AlarmKind.CLIENT_STUCK, "key", Instant.MIN, "why")), 0));

    var data = data();

    var calendar = data.path("calendar").path(0);
    assertThat(calendar.path("late").path(0).path(1).asLong()).isZero();
    assertThat(calendar.path("next").path(0).path(1).asLong())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());
    assertThat(data.path("alarms").path("list").path(0).path("since").asLong()).isZero();
  }

  @Test
  void alarms_of_one_kind_are_one_cause_and_what_follows_comes_after_what_it_follows_from()
      throws Exception {
    alarms.add(PlayedMounts.alarms("genesys/"));

    var shown = data().path("alarms");

    assertThat(shown.path("critical").asInt()).isEqualTo(3);
    assertThat(shown.path("list").findValuesAsText("kind"))
        .startsWith("genesys_unreachable", "rotation_overdue")
        .hasSize(6);
    assertThat(shown.path("list").path(1).path("count").asInt()).isEqualTo(2);
    assertThat(shown.path("list").path(1).path("path").asText())
        .isEqualTo("genesys/static-roles/NAME/status");
    assertThat(shown.toString()).doesNotContain("billing-export", "k0123456789", "HTTP 403");
  }

  @Test
  void names_are_shown_where_that_is_allowed() throws Exception {
    overview.with(PlayedMounts.calendar("genesys/", 88, 3));
    alarms.add(PlayedMounts.alarms("genesys/"));
    page = page(true);

    var shown = data();

    assertThat(shown.path("alarms").path("list").toString())
        .contains("billing-export-0", "clients/k0123456789");
    assertThat(shown.path("calendar").path(0).path("late").path(0).path(0).asText())
        .isEqualTo("billing-export-0");
  }

  @Test
  void what_is_shown_is_bounded_however_much_there_is() throws Exception {
    page = page(true);
    for (int i = 0; i < 1_000; i++) {
      var path = "%s-%d/".formatted("m".repeat(100), i);
      overview.with(PlayedMounts.troubled(path)).with(PlayedMounts.calendar(path, 10_000, 30));
      alarms.add(
          new AlarmBoard.OfMount(
              path,
              List.of(new Alarm(AlarmKind.DRIFT, "r".repeat(512), time.now(), "d".repeat(500))),
              7));
    }
    for (int i = 0; i < 3_000; i++) {
      page.sample(Map.of("issued", 100_000_000));
    }

    var shown = data();

    assertThat(ask("/page.json").body()).hasSizeLessThan(800_000);
    assertThat(shown.path("mounts_known").asInt()).isEqualTo(1_000);
    assertThat(shown.path("mounts")).hasSize(PageData.MOST_MOUNTS);
    assertThat(shown.path("alarms").path("more").asInt())
        .isEqualTo(7_000 + 1_000 - PageData.MOST_ALARMS);
    for (var line : shown.path("curve").path("values")) {
      assertThat(line).hasSize(DayCurve.MOST);
    }
  }

  @Test
  void the_curve_has_a_sample_a_minute_of_all_mounts_and_forgets_those_of_a_day_ago() {
    var curve = new DayCurve(new SystemLocks());
    for (int i = 0; i < 5 * DayCurve.MOST + 3; i++) {
      curve.sample(time.now(), Map.of("issued", i, "stuck", 1, "unheard", 5));
    }

    var issued = curve.shown().values().get(Clients.STATES.indexOf("issued"));
    assertThat(issued).hasSize(DayCurve.MOST);
    assertThat(issued.getLast()).isEqualTo(5 * DayCurve.MOST + 2);
    for (int i = 1; i < issued.size(); i++) {
      assertThat(issued.get(i)).isEqualTo(issued.get(i - 1) + 1);
    }
  }

  @Test
  void samples_are_taken_until_it_is_ended() throws Exception {
    overview.with(PlayedMounts.well("a/", 10, 5)).with(PlayedMounts.well("b/", 20, 5));
    page = page(false);
    var thread = Thread.ofVirtual().unstarted(page::sampleAlways);
    // A sleep of the played clock moves it, so that a day is over at once.
    thread.start();
    while (data().path("curve").path("values").path(1).size() < 3) {
      Thread.onSpinWait();
    }
    thread.interrupt();

    assertThat(data().path("curve").path("values").path(1).path(0).asInt()).isEqualTo(30);
    assertThat(Optional.of(data().path("curve").path("step").asInt())).contains(60);
  }
}
