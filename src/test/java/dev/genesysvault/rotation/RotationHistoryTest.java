package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.history.History;
import dev.genesysvault.history.HistoryIds;
import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.storage.UsageCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of rotations, for whoever audits. */
final class RotationHistoryTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private RotationHarness it = harness();

  private static RotationHarness harness() {
    try {
      return new RotationHarness();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void make_the_first_client() throws Exception {
    it.defined("crm").rotateFor(MINUTE);
  }

  private List<RecordedRotation> kept() throws InterruptedException {
    return kept("crm");
  }

  private List<RecordedRotation> kept(String role) throws InterruptedException {
    var folder = it.mount.history(role);
    var kept = new ArrayList<RecordedRotation>();
    for (var id : folder.names()) {
      kept.add(folder.entry(id).get().orElseThrow());
    }
    return kept;
  }

  @Test
  void the_first_rotation_names_who_wrote_the_role() throws Exception {
    assertThat(kept())
        .singleElement()
        .satisfies(first -> {
          assertThat(first.reason()).isEqualTo("initial");
          assertThat(first.from()).isNull();
          assertThat(first.to()).isEqualTo(it.current("crm").id());
          assertThat(first.askers()).containsExactly(RotationHarness.ASKER);
          assertThat(first.checks()).isNotEmpty();
          assertThat(first.late()).isEmpty();
        });
  }

  @Test
  void a_rotation_of_the_schedule_was_asked_for_by_nobody_and_tells_its_whole_way()
      throws Exception {
    var former = it.current("crm").id();
    var due = Objects.requireNonNull(it.credential("crm").nextRotation());

    it.pastTheNextRotation("crm");

    var kept = kept().getLast();
    assertThat(kept.reason()).isEqualTo("scheduled");
    assertThat(kept.asked()).isEqualTo(due);
    assertThat(kept.askers()).isEmpty();
    assertThat(kept.from()).isEqualTo(former);
    assertThat(kept.to()).isEqualTo(it.current("crm").id());
    assertThat(kept.checks()).anyMatch(check -> check.startsWith("grants: "));
    var switched = Objects.requireNonNull(kept.switched());
    assertThat(kept.handedOver()).isAfterOrEqualTo(switched.plus(RotationHarness.GRACE));
    assertThat(kept.deactivated()).isAfterOrEqualTo(kept.handedOver());
    assertThat(kept.deleted()).isAfterOrEqualTo(kept.deactivated());
    assertThat(kept.late()).isEmpty();
  }

  @Test
  void a_rotation_by_hand_names_everybody_who_asked() throws Exception {
    var _ = it.ask("crm", false, false, false);
    it.time.advance(Duration.ofSeconds(2));
    var _ = it.ask("crm", false, true, false);

    it.rotateFor(MINUTE);

    var kept = kept().getLast();
    assertThat(kept.reason()).isEqualTo("emergency");
    assertThat(kept.askers()).extracting(Asker::wish).containsExactly("manual", "emergency");
    assertThat(kept.askers())
        .extracting(Asker::displayName, Asker::entityId, Asker::requestId)
        .allSatisfy(asker ->
            assertThat(asker.toList()).containsExactly("token-ops", "entity-1", "request-1"));
  }

  @Test
  void a_rotation_costs_two_writes_of_its_own() throws Exception {
    it.storage.forgetOperations();

    it.pastTheNextRotation("crm");

    assertThat(it.storage.writes())
        .filteredOn(write -> write.startsWith("put history/"))
        .hasSize(2);
    // Announced, made, switched, in its grace, ended: as without a history.
    assertThat(it.storage.writes())
        .filteredOn(write -> write.startsWith("put static-creds/"))
        .hasSize(5);
  }

  @Test
  void a_session_that_opens_tells_nothing_again() throws Exception {
    it.pastTheNextRotation("crm");
    it.storage.forgetOperations();

    it.rotateFor(MINUTE);

    assertThat(it.storage.operations()).noneMatch(operation -> operation.contains("history/"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_death_at_any_operation_leaves_one_document_a_rotation(boolean emergency) throws Exception {
    int operations = diesAt(Integer.MAX_VALUE, emergency);
    assertThat(operations).isGreaterThan(12);
    for (int at = 0; at < operations; at++) {
      var _ = diesAt(at, emergency);
    }
  }

  /** Returns how many operations there were by then. */
  private int diesAt(int at, boolean emergency) throws InterruptedException {
    it = harness();
    it.defined("crm").rotateFor(MINUTE);
    if (emergency) {
      var _ = it.ask("crm", false, true, false);
    } else {
      it.rotateFor(RotationHarness.PERIOD.minus(MINUTE.multipliedBy(2)));
    }
    it.storage.forgetOperations();

    var count = new AtomicInteger();
    it.storage.failWhen(Kind.CLOSED, _ -> count.getAndIncrement() >= at);
    it.rotateFor(RotationHarness.GRACE.plus(MINUTE.multipliedBy(5)));
    it.storage.failWhen(Kind.CLOSED, _ -> false);
    it.rotateFor(RotationHarness.GRACE.multipliedBy(2)).endFor(MINUTE.multipliedBy(10));
    it.rotateFor(RotationHarness.GRACE);

    assertThat(kept())
        .as("death at operation %d", at)
        .hasSize(2)
        .last()
        .satisfies(kept -> {
          assertThat(kept.reason()).isEqualTo(emergency ? "emergency" : "scheduled");
          assertThat(kept.to()).isEqualTo(it.current("crm").id());
          assertThat(kept.deleted()).isNotNull();
        });
    return count.get();
  }

  @Test
  void a_client_that_leaked_and_has_no_successor_is_told_with_its_end() throws Exception {
    var leaked = it.current("crm").id();
    it.genesys.refuse("create", 400, "bad.request");
    var _ = it.ask("crm", false, true, true);
    it.rotateFor(Duration.ofSeconds(10)).endFor(MINUTE.multipliedBy(10));

    assertThat(kept().getLast())
        .satisfies(kept -> {
          assertThat(kept.reason()).isEqualTo("emergency");
          assertThat(kept.from()).isEqualTo(leaked);
          assertThat(kept.to()).isNull();
          assertThat(kept.deleted()).isNotNull();
        });

    it.rotateFor(Duration.ofHours(2));

    assertThat(kept()).hasSize(2);
    assertThat(kept().getLast().from()).isEqualTo(leaked);
    assertThat(kept().getLast().to()).isEqualTo(it.current("crm").id());
    assertThat(kept().getLast().deleted()).isNotNull();
  }

  @Test
  void a_rotation_that_genesys_held_up_says_how_late_it_was_and_why() throws Exception {
    var due = Objects.requireNonNull(it.credential("crm").nextRotation());
    it.unreachable = "Genesys does not answer";
    it.unreachableUntil = due.plus(Duration.ofHours(5));
    it.rotateFor(Duration.between(it.time.now(), due).plus(Duration.ofHours(7)));

    assertThat(kept().getLast().late())
        .singleElement()
        .asString()
        .contains("5h")
        .contains("after it was due: for ")
        .contains("of that: Genesys does not answer");
  }

  @Test
  void of_a_short_wait_for_a_session_and_a_long_outage_the_outage_is_told() throws Exception {
    var due = Objects.requireNonNull(it.credential("crm").nextRotation());
    it.time.advance(Duration.between(it.time.now(), due).plus(Duration.ofMinutes(30)));
    it.unreachable = "Genesys does not answer";
    it.unreachableUntil = due.plus(Duration.ofHours(5));

    it.rotateFor(Duration.ofHours(7));

    assertThat(kept().getLast().late())
        .singleElement()
        .asString()
        .contains("of that: Genesys does not answer")
        .doesNotContain("session");
  }

  @Test
  void every_role_that_an_outage_held_up_says_so_and_not_the_one_alone_that_met_it()
      throws Exception {
    it.defined("erp").defined("hr").rotateFor(MINUTE);
    it.unreachable = "Genesys does not answer";
    it.unreachableUntil = it.time.now().plus(RotationHarness.PERIOD).plus(Duration.ofHours(5));

    it.rotateFor(RotationHarness.PERIOD.plus(Duration.ofHours(7)));

    for (var role : List.of("crm", "erp", "hr")) {
      assertThat(kept(role).getLast().late())
          .as(role)
          .singleElement()
          .asString()
          .contains("of that: Genesys does not answer");
    }
  }

  @Test
  void a_former_client_that_was_kept_since_it_was_in_use_says_so() throws Exception {
    it.usageCheck = UsageCheck.WAIT;
    var timing =
        new RotationTiming(
            RotationHarness.PERIOD,
            "",
            Duration.ZERO,
            RotationHarness.GRACE,
            Duration.ZERO,
            Duration.ofHours(9));
    it.role("watched", timing, "role-1:*").rotateFor(MINUTE);
    it.genesys.beUsed(100);

    it.pastTheNextRotation("watched");
    it.rotateFor(Duration.ofHours(20)).endFor(MINUTE.multipliedBy(10));

    assertThat(kept("watched").getLast().late())
        .anyMatch(late ->
            late.startsWith("the former client's end was begun ")
                && late.contains("after its grace was over: "));
  }

  @Test
  void a_rotation_that_waited_for_a_session_says_when_one_was_opened() throws Exception {
    it.time.advance(RotationHarness.PERIOD.plus(Duration.ofDays(2)));
    var opened = it.time.now();

    it.rotateFor(MINUTE);

    assertThat(kept().getLast().late())
        .singleElement()
        .asString()
        .contains("2d", "no background session was open", "one was opened at " + opened);
  }

  @Test
  void a_former_client_that_was_ended_late_says_why() throws Exception {
    it.rotateFor(RotationHarness.PERIOD.plus(RotationHarness.GRACE).plus(MINUTE));
    it.time.advance(Duration.ofHours(5));
    it.endFor(MINUTE.multipliedBy(10));

    assertThat(kept().getLast().late())
        .hasSize(2)
        .allMatch(late ->
            late.contains("after its end was begun: for 5h")
                && late.contains("no background session was open"));
  }

  @Test
  void a_window_that_passed_is_kept() throws Exception {
    var nightly =
        new RotationTiming(
            Duration.ZERO, "0 3 * * *", Duration.ofHours(1), MINUTE, Duration.ZERO, Duration.ZERO);
    it.role("nightly", nightly, "role-1:*").rotateFor(MINUTE);
    it.time.advance(Duration.ofHours(7));

    it.rotateFor(MINUTE);
    it.rotateFor(MINUTE);

    assertThat(kept("nightly"))
        .extracting(RecordedRotation::reason)
        .containsExactly("initial", RecordedRotation.MISSED);
    assertThat(kept("nightly").getLast().late()).singleElement().asString().contains("window");
  }

  @Test
  void whether_the_former_client_was_still_used_is_among_the_checks() throws Exception {
    it.usageCheck = UsageCheck.WARN;
    it.defined("watched").rotateFor(MINUTE);

    it.pastTheNextRotation("watched");

    assertThat(kept("watched").getLast().checks()).anyMatch(check -> check.startsWith("usage: "));
    assertThat(kept("watched").getLast().deleted()).isNotNull();
  }

  @Test
  void a_mount_that_keeps_none_writes_none() throws Exception {
    it.keeping = new Keeping(0, false);
    it.moveTo("mypurecloud.de");

    it.pastTheNextRotation("crm");

    assertThat(kept()).hasSize(1);
    assertThat(it.credential("crm").history()).hasSize(2);
  }

  @Test
  void what_is_too_old_goes_with_the_next_rotation() throws Exception {
    it.keeping = new Keeping(45, false);
    it.moveTo("mypurecloud.de");

    it.pastTheNextRotation("crm").pastTheNextRotation("crm");

    assertThat(kept())
        .extracting(RecordedRotation::reason)
        .containsExactly("scheduled", "scheduled");
  }

  @Test
  void of_more_rotations_than_are_kept_the_oldest_go() throws Exception {
    var first = it.mount.history("crm").names().getFirst();
    var document = kept().getFirst();
    for (int i = 0; i < History.MOST; i++) {
      var id = HistoryIds.of(it.time.now().plusSeconds(i), "key-%d".formatted(i));
      it.mount.history("crm").entry(id).put(document);
    }

    it.pastTheNextRotation("crm");

    assertThat(it.mount.history("crm").names()).hasSize(History.MOST).doesNotContain(first);
  }

  @Test
  void the_history_of_a_deleted_role_stays_and_one_of_its_name_goes_on_with_it() throws Exception {
    var former = it.current("crm").id();
    it.deleted("crm");
    it.rotateFor(MINUTE).endFor(MINUTE.multipliedBy(10));

    assertThat(kept()).hasSize(2);
    assertThat(kept().getLast())
        .satisfies(deleted -> {
          assertThat(deleted.reason()).isEqualTo(RecordedRotation.DELETED);
          assertThat(deleted.from()).isEqualTo(former);
          assertThat(deleted.deleted()).isNotNull();
          assertThat(deleted.askers()).extracting(Asker::wish).containsExactly("deleted");
        });

    it.defined("crm").rotateFor(MINUTE);

    assertThat(kept())
        .extracting(RecordedRotation::reason)
        .containsExactly("initial", "deleted", "initial");
  }

  @Test
  void ids_sort_by_time_and_tell_it() {
    var time = Instant.parse("2026-03-01T02:30:00.5Z");
    assertThat(HistoryIds.of(time, "key")).isEqualTo("20260301T023000500Z-key");
    assertThat(HistoryIds.time("20260301T023000500Z-key")).contains(time);
    assertThat(HistoryIds.time("nothing-of-ours")).isEmpty();
    assertThat(HistoryIds.time("Z")).isEmpty();
    assertThat(HistoryIds.of(time, "z")).isLessThan(HistoryIds.of(time.plusMillis(1), "a"));
  }
}
