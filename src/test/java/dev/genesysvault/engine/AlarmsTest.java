package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.upstream.Reachability;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which alarms stand of a mount whose session is open, as status shows them. */
@Timeout(60)
final class AlarmsTest {
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

  private List<String> standing() throws InterruptedException {
    return data(vault.read("status", Map.of())).get("alarms") instanceof List<?> alarms
        ? alarms.stream().map(String::valueOf).toList()
        : List.of();
  }

  private void eventually(String word) throws Exception {
    mount.eventually(() -> standing().stream().anyMatch(alarm -> alarm.contains(word)));
  }

  private void eventuallyNone() throws Exception {
    mount.eventually(() -> standing().isEmpty());
  }

  private void away(Duration lasting, boolean logInRefused) {
    var since = vault.time.now().minus(lasting);
    vault.genesys.beSeen(
        new Reachability.Reading(
            Optional.of(since),
            Optional.of(
                new Reachability.Away(
                    since, lasting, 9, vault.time.now(), "no answer", "", logInRefused))));
  }

  private void there() {
    vault.genesys.beSeen(new Reachability.Reading(Optional.of(vault.time.now()), Optional.empty()));
  }

  @Test
  void nothing_stands_of_a_mount_that_does_well() throws Exception {
    for (int i = 0; i < 100; i++) {
      vault.time.advance(Duration.ofSeconds(10));
      assertThat(standing()).isEmpty();
    }
  }

  @Test
  void genesys_away_is_an_alarm_after_five_minutes_and_over_with_an_answer() throws Exception {
    away(Duration.ofMinutes(4), false);
    vault.time.advance(Duration.ofMinutes(1));
    assertThat(standing()).isEmpty();

    away(Duration.ofMinutes(6), false);
    eventually("[critical] genesys_unreachable since ");
    assertThat(standing().getFirst()).contains("no answer", "See status");

    there();
    eventuallyNone();
  }

  @Test
  void a_refused_log_in_is_told_as_what_it_is() throws Exception {
    away(Duration.ofMinutes(6), true);

    eventually("[critical] own_credential_refused since ");

    assertThat(standing()).hasSize(1);
    assertThat(standing().getFirst()).contains("Write config with a client that works");
  }

  @Test
  void a_present_client_that_is_gone_is_an_alarm_until_there_is_another_one() throws Exception {
    var present = mount.current().orElseThrow();
    vault.genesys.lose(present);
    mount.eventually(() -> {
      var _ = vault.read("static-roles/status", AttendedMount.CRM);
      return standing().stream().anyMatch(it -> it.contains("[critical] present_client_gone crm"));
    });

    mount.meanwhile(
        () -> vault.write("rotate-role/name", AttendedMount.CRM, Map.of("emergency", true)));
    mount.eventually(() -> !mount.current().equals(Optional.of(present)));
    mount.eventually(() -> standing().stream().noneMatch(it -> it.contains("present_client")));
  }

  @Test
  void a_client_that_needs_a_person_is_an_alarm() throws Exception {
    var issued = vault.readAs("reader", "demo");
    vault.genesys.refuse("replace", 403, "x").refuse("replace", 403, "x");
    vault.genesys.refuse("replace", 403, "x").refuse("replace", 403, "x");
    var lease = Replies.secret(issued).internalData();
    mount.meanwhile(() -> vault.onLease(Operation.REVOKE, lease, Duration.ZERO));

    eventually("[error] client_stuck ");
  }

  @Test
  void a_record_that_cannot_be_read_is_an_alarm() throws Exception {
    mount.end();
    vault.storage.put("clients/broken", "{".getBytes(StandardCharsets.UTF_8));
    mount.attend();

    eventually("[error] record_unreadable broken");
  }

  @Test
  void receivers_are_told_by_the_session_and_never_in_a_requests_way() throws Exception {
    var url = "https://hooks.example.com/services/x";
    vault.receivers.on("POST /services/x", ScriptedTransport.reply(200, "ok"));
    vault.receivers.on("POST /services/x", ScriptedTransport.reply(200, "ok"));
    var _ = vault.write("alerts/name", Map.of("name", "soc"), Map.of("kind", "slack", "url", url));

    away(Duration.ofMinutes(6), false);
    mount.eventually(() -> vault.receivers.requests().size() == 1);
    assertThat(vault.receivers.lastBody())
        .contains("genesys_unreachable".isEmpty() ? "" : "[CRITICAL] genesys/");

    there();
    mount.eventually(() -> vault.receivers.requests().size() == 2);
    assertThat(vault.receivers.lastBody()).contains("[RESOLVED] genesys/");
    assertThat(data(vault.read("alerts/name", Map.of("name", "soc"))).get("waiting")).isEqualTo(0);
  }

  @Test
  void what_follows_from_genesys_being_away_is_one_alarm() throws Exception {
    there();
    for (int i = 0; i < 5_000; i++) {
      vault.genesys.beAway("create");
    }
    vault.time.advance(Duration.ofDays(45));
    eventually("[critical] rotation_overdue crm");

    away(Duration.ofDays(40), false);

    eventually("[critical] genesys_unreachable");
    eventually("[critical] consequences");
    assertThat(standing()).hasSize(2);
    assertThat(standing().getLast()).contains("rotation_overdue crm");
  }

  @Test
  void what_was_wrong_before_genesys_went_away_goes_on_to_be_told() throws Exception {
    there();
    for (int i = 0; i < 5_000; i++) {
      vault.genesys.beAway("create");
    }
    vault.time.advance(Duration.ofDays(45));
    eventually("[critical] rotation_overdue crm");

    away(Duration.ofMinutes(10), false);

    eventually("[critical] genesys_unreachable");
    assertThat(standing().toString()).contains("[critical] rotation_overdue crm");
  }

  @Test
  void the_end_of_the_own_client_is_an_alarm_from_two_weeks_before_on_until_there_is_another_one()
      throws Exception {
    var end = vault.time.now().plus(Duration.ofDays(20));
    vault.genesys.ownEnd = Optional.of(end);
    there();
    for (int i = 0; i < 100; i++) {
      vault.time.advance(Duration.ofSeconds(10));
      assertThat(standing()).isEmpty();
    }

    vault.time.advance(Duration.ofDays(7));
    eventually("[warning] own_credential_ending since ");
    assertThat(standing().getFirst())
        .contains("Genesys deletes it at " + end, "Write config with a new client before then");

    vault.genesys.ownEnd = Optional.empty();
    mount.meanwhile(() -> vault.write("config", Map.of(), Map.of("client_secret", "an0ther")));
    eventuallyNone();
  }
}
