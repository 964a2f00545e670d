package dev.genesysvault.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.MountOverview.Session;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedOverview;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.Reachability.Away;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Health has a line for each part that may be well or not. */
final class HealthTest {
  private final FakeTime time = new FakeTime();
  private final PlayedOverview overview = new PlayedOverview();
  private final List<AlarmBoard.OfMount> alarms = new ArrayList<>();
  private boolean serving = true;
  private final Health health =
      new Health(
          () -> serving, "v1.2.3", FakeTime.START, overview, () -> alarms, time, new SystemLocks());

  private static MountOverview mount(
      Session session, Optional<Reachability.Reading> genesys, Duration paused) {
    return new MountOverview(
        "genesys/",
        session,
        genesys,
        Optional.of(
            new RateBudget.Reading(
                300, 270, 7, Duration.ofSeconds(42), paused, Map.of(), Map.of())),
        Optional.empty(),
        Optional.empty());
  }

  private JsonNode shown() throws Exception {
    return new ObjectMapper().readTree(health.all("*/*").body());
  }

  private JsonNode line(String component) throws Exception {
    for (var line : shown().path("components")) {
      if (line.path("component").asText().equals(component)) {
        return line;
      }
    }
    throw new AssertionError("there is no line " + component);
  }

  @Test
  void a_process_without_mounts_is_well() throws Exception {
    assertThat(shown().path("status").asText()).isEqualTo("serving");
    assertThat(shown().path("well").asBoolean()).isTrue();
    assertThat(shown().path("version").asText()).isEqualTo("v1.2.3");
    assertThat(shown().path("started").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(line("plugin_socket").path("status").asText()).isEqualTo("up");
  }

  @Test
  void each_component_is_a_line_of_its_own() {
    overview.with(
        mount(
            new Session(true, true, ""),
            Optional.of(new Reachability.Reading(Optional.of(FakeTime.START), Optional.empty())),
            Duration.ZERO));
    alarms.add(new AlarmBoard.OfMount("genesys/", List.of(), 0));

    assertThat(new String(health.all("").body(), UTF_8))
        .isEqualTo(
            """
            {"status":"serving","well":true,"version":"v1.2.3","started":"2026-01-01T00:00:00Z",
             "components": [
              {"component":"plugin_socket","status":"up"},
              {"component":"session","mount":"genesys/","status":"up"},
              {"component":"genesys","mount":"genesys/","status":"up","last_success":"2026-01-01T00:00:00Z"},
              {"component":"budget","mount":"genesys/","status":"up","usable":270,"used":7,"reset_seconds":42,"paused_seconds":0,"waiting":0},
              {"component":"alarms","mount":"genesys/","status":"none","critical":0,"error":0,"warning":0,"info":0}
            ]}
            """);
  }

  @Test
  void genesys_that_is_away_is_told_with_since_when_and_why_and_asks_for_no_restart()
      throws Exception {
    var away =
        new Away(
            FakeTime.START,
            Duration.ofSeconds(320),
            4,
            FakeTime.START,
            "no connection",
            "none",
            false);
    overview.with(
        mount(
            new Session(true, true, ""),
            Optional.of(new Reachability.Reading(Optional.empty(), Optional.of(away))),
            Duration.ZERO));

    assertThat(line("genesys").path("status").asText()).isEqualTo("away");
    assertThat(line("genesys").path("failing_since").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(line("genesys").path("failing_seconds").asInt()).isEqualTo(320);
    assertThat(line("genesys").path("reason").asText()).isEqualTo("no connection");
    assertThat(line("genesys").has("last_success")).isFalse();
    assertThat(shown().path("well").asBoolean()).isFalse();
    assertThat(health.all("").status()).isEqualTo(200);
  }

  @Test
  void a_session_that_is_closed_and_a_budget_that_pauses_are_not_well() throws Exception {
    overview.with(
        mount(new Session(false, false, ""), Optional.empty(), Duration.ofMillis(12_300)));

    assertThat(line("session").path("status").asText()).isEqualTo("closed");
    assertThat(line("budget").path("status").asText()).isEqualTo("paused");
    assertThat(line("budget").path("paused_seconds").asInt()).isEqualTo(13);
    assertThat(shown().path("well").asBoolean()).isFalse();
  }

  @Test
  void alarms_are_counted_and_not_told() throws Exception {
    alarms.add(
        new AlarmBoard.OfMount(
            "genesys/",
            List.of(new Alarm(AlarmKind.ROTATION_OVERDUE, "a-role", FakeTime.START, "detail-1")),
            3));

    assertThat(line("alarms").path("critical").asInt()).isEqualTo(1);
    assertThat(line("alarms").path("more").asInt()).isEqualTo(3);
    assertThat(shown().toString()).doesNotContain("a-role", "detail-1");
  }

  @Test
  void who_stops_is_not_ready_and_lives() throws Exception {
    serving = false;

    assertThat(health.ready().status()).isEqualTo(503);
    assertThat(health.live().status()).isEqualTo(200);
    assertThat(health.all("").status()).isEqualTo(503);
    assertThat(shown().path("status").asText()).isEqualTo("stopping");
  }

  @Test
  void is_bounded_however_many_mounts_there_are() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      overview.with(mount(new Session(true, true, ""), Optional.empty(), Duration.ZERO));
    }

    assertThat(line("mounts").path("more").asInt()).isEqualTo(2_000 - Health.MOST_MOUNTS);
    assertThat(health.all("").body()).hasSizeLessThan(100_000);
  }

  @Test
  void is_worked_out_once_a_second() throws Exception {
    var _ = shown();
    overview.with(mount(new Session(false, false, ""), Optional.empty(), Duration.ZERO));

    assertThat(shown().path("well").asBoolean()).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(shown().path("well").asBoolean()).isFalse();
  }
}
