package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.network.Transport;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.upstream.Reachability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A receiver hears of an outage as one thing, and of nothing as over that nobody has seen to be
 * over: in an outage, and when a session begins that does not know all yet.
 */
@Timeout(180)
final class NothingToldTooEarlyTest {
  private static final Map<String, String> SOC = Map.of("name", "soc");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final AttendedMount mount = new AttendedMount();
  private final EngineHarness vault = mount.vault;

  @BeforeEach
  void hand_out() throws Exception {
    for (int i = 0; i < 100; i++) {
      vault.receivers.on("POST /soc-of-this-test", ScriptedTransport.reply(200, "ok"));
    }
    mount.open();
    mount.writeStaticRole();
    mount.eventually(mount::atRest);
    there();
    var url = "https://hooks.example.com/soc-of-this-test";
    var _ = vault.write("alerts/name", SOC, Map.of("kind", "webhook", "url", url));
  }

  @AfterEach
  void end() throws InterruptedException {
    mount.end();
  }

  /** Returns what was told, each as action and alarm. */
  private List<String> told() {
    return vault.receivers.requests().stream().map(NothingToldTooEarlyTest::event).toList();
  }

  private static String event(Transport.Request request) {
    try {
      var event = MAPPER.readTree(request.body());
      var type = event.path("type").asText();
      var data = event.path("data");
      return "%s %s %s"
          .formatted(
              type.substring(type.lastIndexOf('.') + 1),
              data.path("alarm").asText(),
              data.path("subject").asText())
          .strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void eventually(String event) throws Exception {
    mount.eventually(() -> told().contains(event));
  }

  /** Lets a quarter of an hour pass, in which whatever is to be told is told. */
  private void pass() throws Exception {
    pass(Duration.ofMinutes(15));
  }

  private void pass(Duration length) throws Exception {
    var end = vault.time.now().plus(length);
    mount.eventually(() -> !vault.time.now().isBefore(end));
  }

  private void there() {
    vault.genesys.beSeen(new Reachability.Reading(Optional.of(vault.time.now()), Optional.empty()));
  }

  private Instant away(Instant since) {
    var lasting = Duration.between(since, vault.time.now());
    vault.genesys.beSeen(
        new Reachability.Reading(
            Optional.of(since),
            Optional.of(
                new Reachability.Away(
                    since, lasting, 9, vault.time.now(), "no answer", "", false))));
    return since;
  }

  /** An outage in which a rotation has become overdue. */
  private Instant awayForLong() throws Exception {
    rotationsFail();
    var since = away(vault.time.now());
    vault.time.advance(Duration.ofDays(45));
    return away(since);
  }

  /** Returns what was told once a rotation has failed for long, with Genesys there. */
  private List<String> toldOfALateRotation() throws Exception {
    rotationsFail();
    vault.time.advance(Duration.ofDays(45));
    there();
    eventually("triggered rotation_overdue crm");
    eventually("triggered rotation_failing crm");
    pass();
    return told();
  }

  private void rotationsFail() {
    for (int i = 0; i < 5_000; i++) {
      vault.genesys.beAway("create");
    }
  }

  @Test
  void what_was_told_before_is_not_told_as_over() throws Exception {
    vault.genesys.lose(mount.current().orElseThrow());
    mount.eventually(() -> {
      var _ = vault.read("static-roles/status", AttendedMount.CRM);
      return told().contains("triggered present_client_gone crm");
    });

    var _ = away(vault.time.now().minus(Duration.ofMinutes(10)));
    eventually("triggered genesys_unreachable");
    pass();

    assertThat(told()).noneMatch(event -> event.startsWith("resolved"));
  }

  @Test
  void a_session_that_begins_in_it_tells_neither_again_nor_as_over() throws Exception {
    var since = awayForLong();
    eventually("triggered consequences");
    pass();
    var before = told();

    mount.end();
    var _ = away(since);
    mount.attend();
    pass();

    assertThat(told()).isEqualTo(before);
  }

  @Test
  void a_process_that_has_not_asked_yet_tells_of_no_role() throws Exception {
    var since = awayForLong();
    eventually("triggered consequences");
    var before = told();

    mount.end();
    vault.genesys.beSeen(Reachability.Reading.UNKNOWN);
    mount.attend();
    mount.eventually(() -> Boolean.TRUE.equals(mount.rotations().get("loaded")));
    pass(Duration.ofMinutes(1));
    assertThat(told()).isEqualTo(before);

    var _ = away(since);
    pass();
    assertThat(told()).isEqualTo(before);
  }

  @Test
  void one_answer_in_it_tells_of_no_role() throws Exception {
    var _ = awayForLong();
    eventually("triggered consequences");

    there();
    eventually("resolved genesys_unreachable");
    var _ = away(vault.time.now());
    for (int i = 0; i < 6; i++) {
      pass(Duration.ofMinutes(1));
      var _ = away(vault.time.now().minus(Duration.ofMinutes(i + 1)));
    }
    pass();

    assertThat(told()).noneMatch(event -> event.contains("rotation_overdue"));
  }

  @Test
  void what_is_overdue_stays_so_when_another_session_begins() throws Exception {
    var before = toldOfALateRotation();

    for (int i = 0; i < 5; i++) {
      mount.end();
      there();
      mount.attend();
      pass();
    }

    assertThat(told()).isEqualTo(before);
  }

  @Test
  void a_rotation_that_fails_goes_on_to_fail_when_its_role_is_written() throws Exception {
    var before = toldOfALateRotation();

    for (int i = 0; i < 5; i++) {
      mount.meanwhile(() ->
          vault.write(
              "static-roles/name", AttendedMount.CRM, Map.of("rotation_period", 2_500_000)));
      pass();
    }

    assertThat(told()).isEqualTo(before);
  }

  @Test
  void two_hours_of_a_dead_genesys_with_a_hundred_roles_are_three_messages_at_most()
      throws Exception {
    for (int i = 0; i < 100; i++) {
      var name = Map.of("name", "role-" + i);
      mount.meanwhile(() ->
          vault.write(
              "static-roles/name",
              name,
              Map.of(
                  "role_divisions",
                  List.of("role-1:*"),
                  "rotation_period",
                  3_600,
                  "grace_period",
                  600,
                  "verify",
                  false)));
    }
    mount.eventually(
        () -> mount.rotations().toString().contains("known=101, rotating=0,") && mount.atRest());
    there();
    assertThat(told()).isEmpty();

    rotationsFail();
    var since = vault.time.now();
    for (int i = 0; i < 130; i++) {
      pass(Duration.ofMinutes(1));
      var _ = away(since);
    }

    System.out.println("two hours of a dead Genesys with 100 roles are told as " + told());
    assertThat(told())
        .hasSizeBetween(2, 3)
        .startsWith("triggered genesys_unreachable", "triggered consequences");
  }
}
