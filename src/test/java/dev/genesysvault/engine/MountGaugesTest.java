package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.testing.RecordedMeters;
import dev.genesysvault.upstream.Reachability;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read of a mount is so, and what nobody knows is not there. */
final class MountGaugesTest {
  private static final String OPEN = "SESSION_OPEN genesys/";

  private static Map<String, Double> read(EngineHarness vault) {
    return RecordedMeters.read(vault.gauges());
  }

  @Test
  void a_mount_shows_what_it_has_while_its_session_is_open() throws Exception {
    var mount = new AttendedMount();
    mount.open();
    mount.writeStaticRole();
    mount.eventually(mount::atRest);
    mount.vault.readAs("r-1", "demo");
    var shown = read(mount.vault);
    mount.end();

    assertThat(shown)
        .containsEntry("present genesys/", 1.0)
        .containsEntry(OPEN, 1.0)
        .containsEntry("SESSION_LOADED genesys/", 1.0)
        .containsEntry("JOURNAL_UNUSABLE genesys/", 0.0)
        .containsEntry("CLIENTS genesys/ issued", 1.0)
        .containsEntry("CLIENTS genesys/ retiring", 0.0)
        .containsEntry("CLIENTS_MAY_LOG_IN genesys/", 0.0)
        .containsEntry("STATIC_ROLES genesys/ idle", 1.0)
        .containsEntry("STATIC_ROLES_FAILING genesys/", 0.0)
        .containsEntry("STATIC_ROLE_IN_TROUBLE genesys/ crm", 0.0)
        .containsKey("STATIC_ROLES_NEXT_ROTATION_TIMESTAMP_SECONDS genesys/")
        .containsKey("STATIC_ROLE_LAST_ROTATION_TIMESTAMP_SECONDS genesys/ crm");
  }

  @Test
  void a_session_that_was_closed_is_missed_once_the_mount_is_heard_of_again() throws Exception {
    var mount = new AttendedMount();
    mount.open();
    mount.end();

    assertThat(read(mount.vault)).containsKey("present genesys/").doesNotContainKey(OPEN);

    mount.vault.rollBack();
    assertThat(read(mount.vault))
        .containsEntry(OPEN, 0.0)
        .doesNotContainKey("CLIENTS genesys/ issued");
  }

  @Test
  void a_node_that_may_not_write_shows_nothing_but_what_it_counts() throws Exception {
    var vault = new EngineHarness().ready();
    assertThat(read(vault)).containsEntry(OPEN, 0.0);
    vault.writable = false;
    vault.rollBack();

    assertThat(read(vault)).containsKey("present genesys/").doesNotContainKey(OPEN);
    assertThat(read(vault).keySet()).noneMatch(name -> name.startsWith("BUDGET"));
  }

  @Test
  void nothing_is_shown_of_a_mount_that_is_not_heard_of() throws Exception {
    var vault = new EngineHarness().ready();
    vault.time.advance(Duration.ofMinutes(5));

    assertThat(read(vault).keySet()).noneMatch(name -> name.contains("genesys/"));
  }

  @Test
  void how_old_the_own_credential_is_is_kept_and_begins_anew_with_another() throws Exception {
    var age = "OWN_CREDENTIAL_AGE_SECONDS genesys/";
    var vault = new EngineHarness().ready();
    vault.time.advance(Duration.ofSeconds(90));
    vault.configure();
    vault.readAs("r-1", "demo");
    assertThat(read(vault)).containsEntry(age, 90.0);

    vault.write("config", Map.of(), Map.of("client_secret", "an0ther"));
    vault.time.advance(Duration.ofSeconds(7));
    vault.readAs("r-2", "demo");
    assertThat(read(vault)).containsEntry(age, 7.0);
  }

  @Test
  void when_the_own_client_ends_is_read_once_genesys_was_asked() throws Exception {
    var end = "OWN_CREDENTIAL_END_TIMESTAMP_SECONDS genesys/";
    var mount = new AttendedMount();
    mount.vault.genesys.ownEnd = Optional.of(Instant.ofEpochSecond(4_000_000_000L));
    mount.vault.genesys.beSeen(
        new Reachability.Reading(Optional.of(mount.vault.time.now()), Optional.empty()));
    mount.open();
    assertThat(read(mount.vault)).doesNotContainKey(end);

    mount.eventually(() -> read(mount.vault).containsKey(end));
    assertThat(read(mount.vault)).containsEntry(end, 4_000_000_000.0);
    mount.end();
  }

  @Test
  void when_genesys_answered_last_and_since_when_it_does_not_is_read() throws Exception {
    var last = "GENESYS_LAST_SUCCESS_TIMESTAMP_SECONDS genesys/";
    var failing = "GENESYS_FAILING_SINCE_TIMESTAMP_SECONDS genesys/";
    var vault = new EngineHarness().ready();
    vault.readAs("r-1", "demo");
    assertThat(read(vault)).doesNotContainKeys(last, failing);

    var then = Instant.ofEpochSecond(1_000);
    var since = then.plusSeconds(9);
    vault.genesys.beSeen(
        new Reachability.Reading(
            Optional.of(then),
            Optional.of(
                new Reachability.Away(since, Duration.ZERO, 1, since, "no answer", "", false))));
    assertThat(read(vault)).containsEntry(last, 1_000.0).containsEntry(failing, 1_009.0);
  }

  @Test
  void what_may_come_of_issues_is_there_before_it_has() throws Exception {
    var vault = new EngineHarness().ready();

    assertThat(read(vault))
        .containsKey("begun REQUESTS genesys/ creds/name read genesys_failed")
        .containsKey("begun REQUESTS genesys/ lease revoke ok")
        .containsKey("begun REQUESTS genesys/ rotate-role/name update bug")
        .containsKey("begun JOURNAL_TAKEN_OVER")
        .containsKey("begun GENESYS_RETRIES unavailable");
  }

  @Test
  void a_mount_that_was_made_again_under_its_path_is_shown_alone() throws Exception {
    var mount = new AttendedMount();
    mount.open();
    mount.vault.uuid = "mount-2";
    mount.vault.rollBack();
    var besideAnOpenOne = read(mount.vault);
    mount.end();
    mount.vault.time.advance(Duration.ofSeconds(1));
    mount.vault.rollBack();
    var lastHeardOf = read(mount.vault);

    assertThat(besideAnOpenOne).containsEntry(OPEN, 1.0).containsKey("SESSION_LOADED genesys/");
    assertThat(lastHeardOf).containsEntry(OPEN, 0.0);
  }

  @Test
  void a_client_that_has_to_go_and_cannot_waits_ever_longer_and_may_log_in() throws Exception {
    var mount = new AttendedMount();
    mount.open();
    var issued = Replies.secret(mount.vault.readAs("r-1", "demo"));
    for (int i = 0; i < 50; i++) {
      mount.vault.genesys.beAway("replace");
    }
    mount.meanwhile(
        () -> mount.vault.onLease(Operation.REVOKE, issued.internalData(), Duration.ZERO));
    mount.eventually(
        () -> read(mount.vault).getOrDefault("CLIENTS_LEAVING genesys/ deactivate", 0.0) == 1);
    var before = read(mount.vault);
    mount.vault.time.advance(Duration.ofSeconds(7));
    var after = read(mount.vault);
    mount.end();

    var age = "CLIENTS_OLDEST_WAITING_SECONDS genesys/";
    assertThat(after.getOrDefault(age, 0.0))
        .isGreaterThanOrEqualTo(before.getOrDefault(age, 0.0) + 7);
    assertThat(before)
        .containsEntry("CLIENTS genesys/ retiring", 1.0)
        .containsEntry("CLIENTS_MAY_LOG_IN genesys/", 1.0);
  }
}
