package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.MountOverview.Clients;
import dev.genesysvault.overview.RotationCalendar.Day;
import dev.genesysvault.overview.RotationCalendar.Planned;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever looks at the process sees its mounts as they are, from memory. */
@Timeout(60)
final class OverviewTest {
  private final AttendedMount mount = new AttendedMount();
  private final EngineHarness vault = mount.vault;

  @BeforeEach
  void hand_out() throws Exception {
    mount.open();
    mount.writeStaticRole();
    mount.eventually(mount::atRest);
  }

  @AfterEach
  void end() throws InterruptedException {
    mount.end();
  }

  private MountOverview shown() {
    assertThat(vault.overview().mounts()).hasSize(1);
    return vault.overview().mounts().getFirst();
  }

  @Test
  void a_mount_shows_its_session_its_clients_and_its_static_roles() throws Exception {
    var _ = vault.read("creds/name", Map.of("name", "demo"));
    var calls = vault.genesys.calls();

    assertThat(shown().path()).isEqualTo("genesys/");
    assertThat(shown().session()).isEqualTo(new MountOverview.Session(true, true, ""));
    assertThat(shown().clients().orElseThrow().states()).containsEntry("issued", 1);
    assertThat(shown().rotations().orElseThrow().known()).isEqualTo(1);
    assertThat(shown().rotations().orElseThrow().phases()).containsEntry("idle", 1);
    assertThat(shown().budget().orElseThrow().allowed()).isEqualTo(300);
    assertThat(shown().genesys()).isPresent();
    assertThat(vault.genesys.calls()).isEqualTo(calls);
  }

  @Test
  void its_calendar_has_the_rotation_of_today_and_the_next_one() {
    var calendar = vault.overview().calendars(true).getFirst();

    assertThat(calendar.mount()).isEqualTo("genesys/");
    assertThat(calendar.days()).contains(new Day(0, 1, 0, 0)).hasSize(2);
    assertThat(calendar.next()).extracting(Planned::role).containsExactly("crm");
    assertThat(vault.overview().calendars(false).getFirst().next()).isEmpty();
  }

  @Test
  void a_mount_whose_session_is_closed_and_that_nobody_asks_for_is_not_shown_any_more()
      throws Exception {
    mount.end();
    assertThat(shown().session().open()).isFalse();
    assertThat(shown().clients()).isEmpty();

    vault.time.advance(Duration.ofMinutes(5));

    assertThat(vault.overview().mounts()).isEmpty();
    assertThat(vault.overview().calendars(true)).isEmpty();
  }

  @Test
  void every_state_of_a_client_has_its_place_in_the_curve() {
    assertThat(Clients.STATES)
        .isEqualTo(
            Stream.of(State.values()).map(state -> state.name().toLowerCase(Locale.ROOT)).toList());
    assertThat(List.copyOf(Clients.STATES)).doesNotHaveDuplicates();
  }
}
