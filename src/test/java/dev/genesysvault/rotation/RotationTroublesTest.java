package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.LostPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong for long, or twice, or while the clock is wrong. */
final class RotationTroublesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /** At three, within two hours. The fake clock begins at midnight. */
  private static final RotationTiming NIGHTLY =
      new RotationTiming(
          Duration.ZERO, "0 3 * * *", HOUR.multipliedBy(2), HOUR, Duration.ZERO, Duration.ZERO);

  private final RotationHarness it;

  RotationTroublesTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @BeforeEach
  void defined() throws Exception {
    it.defined("crm").rotateFor(MINUTE);
  }

  @Test
  void clients_that_genesys_keeps_making_wrongly_are_made_ever_less_often() throws Exception {
    var first = it.current("crm");
    it.genesys.loseAPair(1_000);
    var _ = it.ask("crm", false, false, false);
    it.genesys.forgetCalls();

    it.rotateFor(Duration.ofDays(1));

    assertThat(it.calls().stream().filter("create"::equals).count()).isBetween(8L, 40L);
    assertThat(it.current("crm").id()).isEqualTo(first.id());
    assertThat(it.genesys.logsIn(first)).isTrue();
  }

  @Test
  void a_client_whose_texts_genesys_keeps_otherwise_is_made_once() throws Exception {
    it.genesys.keep(body -> {
      var members = new LinkedHashMap<>(body.members());
      members.put("name", "?? " + body.text("name").toUpperCase(Locale.ROOT));
      members.put("description", "cut off");
      return new ClientBody(members);
    });
    var first = it.current("crm");
    var _ = it.ask("crm", false, false, false);
    it.genesys.forgetCalls();

    it.rotateFor(HOUR);

    assertThat(it.calls().stream().filter("create"::equals)).hasSize(1);
    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
  }

  @Test
  void a_client_whose_name_lost_mark_and_key_never_gets_to_readers() throws Exception {
    it.genesys.keep(body -> body.named(new ClientName("x")));
    var first = it.current("crm");
    var _ = it.ask("crm", false, false, false);

    it.rotateFor(HOUR);

    assertThat(it.current("crm").id()).isEqualTo(first.id());
    assertThat(it.events.sent().getLast().metadata().get("error")).contains("name_template");
  }

  @Test
  void failures_count_until_a_successor_has_shown_what_it_can_do() throws Exception {
    it.genesys.loseAPair(3);
    var _ = it.ask("crm", false, false, false);
    var attempts = new ArrayList<Integer>();
    for (int i = 0; i < 60; i++) {
      it.locks.meanwhile(() -> {
        attempts.add(it.queue.of("crm").orElseThrow().attempts());
        it.time.advance(Duration.ofSeconds(5));
      });
    }

    it.rotateFor(HOUR.dividedBy(2));

    assertThat(attempts.subList(0, attempts.indexOf(3))).isSorted().contains(0, 1, 2);
    assertThat(attempts.getLast()).isZero();
  }

  @Test
  void a_failure_is_told_once_whatever_ids_genesys_gives_to_its_refusals() throws Exception {
    it.role("a", NIGHTLY, "role-1:*");
    List.of("cid-1", "none", "a; 1. (x)", "a; 2. (y)")
        .forEach(id -> it.genesys.refuse(new Refused("create", 403, "no", "No.", id)));
    for (int i = 0; i < 100; i++) {
      it.genesys.refuse(new Refused("create", 403, "no", "No; correlation id " + i % 2, "x"));
    }

    it.rotateFor(HOUR);

    assertThat(it.events.sent())
        .filteredOn(event -> event.type().equals("genesys/static-role-failed"))
        .extracting(event -> event.metadata().get("error"))
        .satisfies(told ->
            assertThat(told.subList(0, 3))
                .satisfiesExactly(
                    first -> assertThat(first).contains("No.; correlation id cid-1"),
                    second -> assertThat(second).contains("No; correlation id 0; correlation id x"),
                    third -> assertThat(third).contains("No; correlation id 1; correlation id x")));
  }

  @Test
  void a_slot_that_was_missed_is_told_with_the_next_one() throws Exception {
    it.role("cron", NIGHTLY, "role-1:*").rotateFor(MINUTE);
    it.time.advance(Duration.ofHours(6));

    it.rotateFor(HOUR);

    assertThat(it.events.sent().getLast().type()).isEqualTo("genesys/static-role-failed");
    assertThat(it.events.sent().getLast().metadata().get("error"))
        .contains("was not done within its rotation_window")
        .contains("2026-01-02T03:00:00Z")
        .contains("rotate-role/cron");
  }

  @Test
  void a_scheduled_rotation_that_is_refused_is_not_begun_outside_of_its_window() throws Exception {
    it.role("cron", NIGHTLY, "role-1:*").rotateFor(MINUTE);
    var first = it.current("cron");
    for (int i = 0; i < 1_000; i++) {
      it.genesys.refuse("create", 403, "not.authorized");
    }
    it.rotateFor(Duration.ofHours(6));
    it.genesys.mend();

    it.rotateFor(Duration.ofHours(12));
    assertThat(it.current("cron").id()).isEqualTo(first.id());
    assertThat(it.credential("cron").run()).isNull();
    assertThat(it.events.sent().getLast().metadata().get("error"))
        .contains("was not done within its rotation_window")
        .contains("Before: Genesys refused create with HTTP 403");

    it.rotateFor(Duration.ofHours(12));
    assertThat(it.current("cron").id()).isNotEqualTo(first.id());
  }

  @Test
  void a_scheduled_rotation_that_somebody_wants_as_well_needs_no_window_any_more()
      throws Exception {
    it.role("cron", NIGHTLY, "role-1:*").rotateFor(MINUTE);
    var first = it.current("cron");
    for (int i = 0; i < 1_000; i++) {
      it.genesys.refuse("create", 403, "not.authorized");
    }
    it.rotateFor(Duration.ofHours(4));
    assertThat(it.credential("cron").run()).isNotNull();
    var _ = it.ask("cron", false, false, false);
    it.rotateFor(Duration.ofHours(3));
    it.genesys.mend();

    it.rotateFor(HOUR);

    assertThat(it.current("cron").id()).isNotEqualTo(first.id());
  }

  @Test
  void a_slot_that_was_planned_while_the_clock_was_ahead_keeps_no_rotation_back() throws Exception {
    it.role("cron", NIGHTLY, "role-1:*").rotateFor(MINUTE);
    var first = it.current("cron");
    var planned = it.time.now().plus(Duration.ofDays(90));
    it.credentials.put("cron", it.credential("cron").with(draft -> draft.nextRotation = planned));
    it.time.setAhead(HOUR);
    it.locks.meanwhile(() -> it.time.setAhead(Duration.ZERO));

    it.rotateFor(Duration.ofHours(8));

    assertThat(it.current("cron").id()).isNotEqualTo(first.id());
  }

  @Test
  void a_rotation_by_hand_needs_no_window() throws Exception {
    it.role("cron", NIGHTLY, "role-1:*").rotateFor(MINUTE);
    var first = it.current("cron");
    it.time.advance(Duration.ofHours(8));

    var _ = it.ask("cron", false, false, false);
    it.rotateFor(MINUTE);

    assertThat(it.current("cron").id()).isNotEqualTo(first.id());
  }

  @Test
  void a_successor_that_has_to_go_never_becomes_current() throws Exception {
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(Duration.ofSeconds(5));
    var condemned = Objects.requireNonNull(it.credential("crm").next());
    var id = Objects.requireNonNull(condemned.clientId());
    var good = it.body(id);
    it.genesys.hold(id.value(), LostPair.of(good));
    var left = new int[] {0};
    // The record that says so is written; the credential that should say so is not.
    it.storage.failWhen(
        Kind.CLOSED, operation -> operation.equals("put static-creds/crm") && left[0]++ == 0);
    it.rotateFor(MINUTE);
    it.storage.failWhen(Kind.CLOSED, _ -> false);
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.CREATED);
    assertThat(it.records.get(condemned.key())).isPresent();
    it.genesys.hold(id.value(), good);

    it.rotateFor(MINUTE.multipliedBy(30)).endFor(MINUTE);

    assertThat(it.current("crm").id()).isNotEqualTo(id);
    assertThat(it.genesys.logsIn(it.current("crm"))).isTrue();
  }

  @Test
  void a_grace_lasts_as_long_as_it_was_given_whatever_its_role_says_now() throws Exception {
    var first = switched();
    it.role("crm", shorter(), "role-1:*");
    it.credentials.put("crm", first.before());
    it.time.setAhead(Duration.ofDays(1));

    it.rotateFor(RotationHarness.GRACE.dividedBy(2).minus(MINUTE.multipliedBy(2))).endFor(MINUTE);

    assertThat(it.genesys.logsIn(first.former())).isTrue();
  }

  @Test
  void a_grace_counts_from_the_switch_however_long_genesys_took_before_it() throws Exception {
    var written = new Instant[1];
    it.storage.failWhen(
        Kind.OTHER,
        operation -> {
          if (operation.startsWith("get clients/")) {
            it.time.advance(Duration.ofSeconds(100));
          }
          if (operation.equals("put static-creds/crm")) {
            written[0] = it.time.now();
          }
          return false;
        });
    var _ = it.ask("crm", false, false, false);

    it.rotateFor(MINUTE.multipliedBy(3));

    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
    assertThat(it.graceEnd("crm")).isEqualTo(written[0].plus(RotationHarness.GRACE));
  }

  @Test
  void a_grace_is_never_longer_than_it_was_given_whatever_the_clock_said() throws Exception {
    it.time.setAhead(Duration.ofDays(31));
    var first = switched();
    it.time.setAhead(Duration.ZERO);

    it.rotateFor(RotationHarness.GRACE.plus(MINUTE)).endFor(MINUTE);

    assertThat(it.genesys.logsIn(first.former())).isFalse();
  }

  @Test
  void a_clock_that_was_ahead_keeps_no_rotation_back() throws Exception {
    it.time.setAhead(Duration.ofDays(31));
    it.rotateFor(HOUR.multipliedBy(3)).endFor(MINUTE).rotateFor(HOUR);
    it.time.setAhead(Duration.ZERO);
    var second = it.current("crm");

    it.rotateFor(RotationHarness.PERIOD.plus(HOUR));

    assertThat(it.current("crm").id()).isNotEqualTo(second.id());
  }

  @Test
  void a_clock_that_is_put_back_within_a_session_keeps_no_rotation_back() throws Exception {
    it.time.setAhead(Duration.ofDays(31));
    it.rotateFor(HOUR.multipliedBy(3)).endFor(MINUTE).rotateFor(HOUR);
    var second = it.current("crm");
    it.locks.meanwhile(() -> it.time.setAhead(Duration.ZERO));

    // The session's end was told while the clock was ahead.
    it.rotateFor(HOUR);

    assertThat(it.current("crm").id()).isNotEqualTo(second.id());
  }

  private record Switched(StaticCredential before, Credential former) {}

  private Switched switched() throws InterruptedException {
    var former = it.current("crm");
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
    return new Switched(it.credential("crm"), former);
  }

  private static RotationTiming shorter() {
    return new RotationTiming(
        RotationHarness.PERIOD, "", Duration.ZERO, MINUTE, Duration.ZERO, Duration.ZERO);
  }
}
