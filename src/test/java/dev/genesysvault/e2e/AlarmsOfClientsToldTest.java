package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.simulator.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of alarms about single clients, what is kept of them, and where they are sent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AlarmsOfClientsToldTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Each is told and noted by itself: minutes where the machine is busy. */
  private static final Duration PATIENCE_WITH_A_THOUSAND = Duration.ofMinutes(5);

  /** The shortest time between two looks at what was sent. */
  private static final Duration DRIFT_CHECK = Duration.ofMinutes(1);

  private static final String CLIENT = "/api/v2/oauth/clients/{clientId}";
  private static final String CREDENTIAL = "/api/v2/integrations/credentials/{credentialId}";

  private final ToldAlarms told;
  private final Stack stack;
  private final SteadyRoles roles;
  private String raw = "";

  AlarmsOfClientsToldTest(@TempDir Path folder) throws Exception {
    told = ToldAlarms.start(folder);
    stack = told.stack();
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    told.mount();
    var uuid = stack.http.data("sys/mounts/genesys").path("uuid").asText();
    raw = "sys/raw/logical/%s/".formatted(uuid);
  }

  @AfterEach
  void heal() throws Exception {
    told.heal();
  }

  @AfterAll
  void stop() {
    told.close();
  }

  private void refuse(String method, String path, int status) throws Exception {
    stack.genesys.arm(Map.of("method", method, "path", path, "status", status, "count", 100_000));
  }

  private void sessionsBeginAnew() throws Exception {
    stack.killSidecar();
    stack.startSidecar();
    stack.awaitSidecar();
  }

  private void spoil(String entry) throws Exception {
    stack.http.must(raw + entry, Map.of("value", "{"));
    sessionsBeginAnew();
  }

  @Test
  void a_client_needs_a_person() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");
    var id = lease.getData().getOrDefault("client_id", "");
    var key = stack.http.list("genesys/clients").getLast();
    told.wholeWay(
        "client_stuck",
        key,
        () -> {
          refuse("PUT", CLIENT, 403);
          var _ = stack.http.put("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId()));
        },
        () -> {
          stack.genesys.clearFaults();
          stack.http.must("genesys/clients/" + key + "/retry", Map.of());
        });
    roles.awaitGone(id);
  }

  @Test
  void what_waits_for_genesys_is_one_alarm() throws Exception {
    var lease = stack.client.logical().read("genesys/creds/demo");
    var key = stack.http.list("genesys/clients").getLast();
    told.wholeWay(
        "consequences",
        "",
        () -> {
          stack.genesys.arm(Map.of("status", 503, "count", 100_000));
          var _ = stack.http.put("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId()));
        },
        stack.genesys::clearFaults);
    roles.awaitGone(lease.getData().getOrDefault("client_id", ""));

    assertThat(told.receiver().said(ToldAlarms.EVENTS))
        .noneMatch(said -> said.startsWith("decommission_overdue " + key));
  }

  /** Returns of whom it was said: once, or again where the sidecar died before it noted that. */
  private Set<String> unreadable(String state) {
    return told.receiver().said(ToldAlarms.EVENTS).stream()
        .filter(said -> said.startsWith("record_unreadable unreadable-") && said.endsWith(state))
        .map(said -> said.substring(0, said.length() - state.length()))
        .collect(Collectors.toSet());
  }

  @Test
  void more_stand_than_are_told_one_by_one() throws Exception {
    told.wholeWay(
        "too_many_alarms",
        "",
        () -> {
          for (int i = 0; i <= AlarmBoard.MOST; i++) {
            stack.http.must(raw + "clients/unreadable-" + i, Map.of("value", "{"));
          }
          sessionsBeginAnew();
        },
        () -> {
          for (int i = 0; i <= AlarmBoard.MOST; i++) {
            var _ = stack.http.delete(raw + "clients/unreadable-" + i);
          }
          sessionsBeginAnew();
        });
    Eventually.is(
        "the ends of all are told, and hold up no other test",
        PATIENCE_WITH_A_THOUSAND,
        () -> unreadable("resolved").equals(unreadable("triggered")));
  }

  @Test
  void genesys_deletes_the_own_client_soon() throws Exception {
    var knob = "own_client_deleted_after_seconds";
    stack.genesys.turn(Map.of(knob, Duration.ofDays(7).toSeconds()));
    told.wholeWay(
        "own_credential_ending",
        "",
        this::sessionsBeginAnew,
        () -> {
          stack.genesys.turn(Map.of(knob, 0));
          stack.http.must("genesys/config", Map.of("client_secret", Seed.CLIENT_SECRET));
        });
  }

  @Test
  void a_former_client_is_still_used() throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "4s", "usage_check", "wait");
    var former = roles.credential(role);
    told.wholeWay(
        "former_client_in_use",
        role,
        () -> {
          assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();
          Eventually.is(
              "its calls are seen",
              PATIENCE,
              () -> {
                stack.genesys.callAs(stack.simulator.loginUrl(), former);
                return roles.status(role).path("checks").toString().contains("more calls");
              });
        },
        () -> roles.awaitGone(former.getOrDefault("client_id", "")));
  }

  @Test
  void what_was_sent_is_overwritten_and_then_cannot_be_sent() throws Exception {
    stack.genesys.grant(
        Seed.CLIENT_ID,
        List.of(
            Seed.ROLE_INTEGRATIONS + ":*",
            Seed.ROLE_ADMIN + ":*",
            Seed.ROLE_ANALYST + ":*",
            Seed.ROLE_READER + ":" + Seed.DIVISION_SALES));
    stack.http.must(
        "genesys/destinations/crm",
        Map.of("kind", "integration_credential", "drift_check", DRIFT_CHECK.toSeconds()));
    var role =
        roles.written(
            "destinations", List.of(Map.of("destination", "crm", "name", Seed.CREDENTIAL_ID)));
    var sent = "confirmed";
    Eventually.is(
        "it is sent",
        PATIENCE,
        () -> roles.status(role).path("destinations").path(0).path("state").asText().equals(sent));
    told.wholeWay(
        "destination_behind",
        role,
        () -> {
          refuse("PUT", CREDENTIAL, 503);
          stack.http.must("genesys/rotate-role/" + role, Map.of("emergency", true));
        },
        () -> {
          assertThat(told.receiver().detail(ToldAlarms.EVENTS, "destination_behind", role))
              .startsWith("[crm/%s]; ".formatted(Seed.CREDENTIAL_ID))
              .contains("503");
          stack.genesys.clearFaults();
        });
    told.wholeWay(
        "drift",
        role,
        () -> {
          stack.genesys.overwriteByHand(stack.simulator.loginUrl(), Seed.CREDENTIAL_ID);
          Thread.sleep(DRIFT_CHECK);
        },
        () -> stack.http.must("genesys/static-roles/" + role + "/resend", Map.of()));
  }

  @Test
  void the_record_of_a_client_cannot_be_read() throws Exception {
    told.wholeWay(
        "record_unreadable",
        "broken",
        () -> spoil("clients/broken"),
        () -> {
          var _ = stack.http.delete(raw + "clients/broken");
          sessionsBeginAnew();
        });
  }

  /** Static credentials are among what the plugin keeps. */
  private void writeBehindThePlugin(String entry, String value) throws Exception {
    stack.http.must(raw + entry, Map.of("value", value));
    stack.reloadPlugin();
    sessionsBeginAnew();
  }

  @Test
  void a_static_credential_cannot_be_read() throws Exception {
    var role = roles.written();
    var entry = "static-creds/" + role;
    var kept = stack.http.data(raw + entry).path("value").asText();
    told.wholeWay(
        "static_role_unreadable",
        role,
        () -> writeBehindThePlugin(entry, "{"),
        () -> writeBehindThePlugin(entry, kept));
  }

  @Test
  void what_the_plugin_wrote_down_makes_no_sense() throws Exception {
    told.wholeWay(
        "journal_unusable",
        "",
        () -> spoil("journal/broken"),
        () -> {
          var _ = stack.http.delete(raw + "journal/broken");
          sessionsBeginAnew();
        });
  }

  @Test
  void the_list_of_clients_shows_its_first_page_again() throws Exception {
    var clients = "/api/v2/oauth/clients";
    told.wholeWay(
        "client_list_not_whole",
        "",
        () -> {
          stack.genesys.turn(Map.of("list_page_size", 1, "list_pages", "same"));
          stack.genesys.arm(Map.of("method", "POST", "path", clients, "reply_lost", true));
          stack.genesys.arm(Map.of("method", "GET", "path", clients, "status", 503, "count", 1));
          assertThat(stack.http.get("genesys/creds/demo").status()).isEqualTo(504);
        },
        () -> stack.genesys.turn(Map.of("list_page_size", 0, "list_pages", "differ")));
  }
}
