package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.rotation.RotationRequests.Answer;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rotations that somebody asks for, and roles that somebody deletes. */
final class RotationRequestsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final RotationHarness it;

  RotationRequestsTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @BeforeEach
  void defined() throws Exception {
    it.defined("crm").rotateFor(MINUTE);
  }

  @Test
  void a_write_that_was_cut_is_believed_by_nobody_until_it_is_read() throws Exception {
    var credential = it.credential("crm");
    var current = it.current("crm").id();
    it.queue.open();
    it.queue.loaded("crm", RoleSummary.of(credential), Instant.MAX);
    it.queue.loaded();
    it.storage.failWhen(Kind.OTHER, operation -> operation.startsWith("put static-creds/"));

    assertThatThrownBy(() -> it.credentials.put("crm", StaticCredential.empty()))
        .isInstanceOf(StorageException.class);

    // What the write would have brought is nobody's yet, and what is stored is not gone.
    assertThat(it.queue.uses(current)).contains(true);
    assertThat(it.queue.uses(new ClientId("another"))).isEmpty();

    it.credentials.read(it.queue.take(false).orElseThrow().item, credential);
    assertThat(it.queue.uses(new ClientId("another"))).contains(false);

    // Nothing can have been written by a node that may not write.
    it.storage.failWhen(Kind.READ_ONLY, operation -> operation.startsWith("put static-creds/"));
    assertThatThrownBy(() -> it.credentials.put("crm", StaticCredential.empty()))
        .isInstanceOf(StorageException.class);

    assertThat(it.queue.uses(new ClientId("another"))).contains(false);
    it.queue.close();
  }

  @Test
  void a_rotation_by_hand_is_as_graceful_as_one_on_schedule() throws Exception {
    var first = it.current("crm");

    assertThat(it.ask("crm", false, false, false)).isInstanceOf(Answer.Asked.class);
    it.rotateFor(RotationHarness.GRACE.minus(MINUTE));

    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
    assertThat(it.genesys.logsIn(first)).isTrue();
    it.rotateFor(MINUTE.multipliedBy(40)).endFor(MINUTE);
    assertThat(it.genesys.logsIn(first)).isFalse();
  }

  @Test
  void a_second_wish_joins_a_rotation_under_way() throws Exception {
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(Duration.ofSeconds(5));
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.CREATED);

    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);

    assertThat(it.calls().stream().filter("create"::equals)).hasSize(2);
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
  }

  @Test
  void the_same_request_never_rotates_twice_and_one_that_joins_is_known_too() throws Exception {
    assertThat(it.askAs("crm", "token-1")).isInstanceOf(Answer.Asked.class);
    it.rotateFor(Duration.ofSeconds(5));
    assertThat(it.askAs("crm", "token-1")).isInstanceOf(Answer.Asked.class);
    assertThat(it.askAs("crm", "token-2")).isInstanceOf(Answer.Asked.class);
    it.rotateFor(MINUTE);

    assertThat(it.askAs("crm", "token-1")).isInstanceOf(Answer.Fulfilled.class);
    assertThat(it.askAs("crm", "token-2")).isInstanceOf(Answer.Fulfilled.class);
    assertThat(it.askAs("crm", "token-3")).isInstanceOf(Answer.InGrace.class);
    it.rotateFor(RotationHarness.GRACE.plus(MINUTE));
    assertThat(it.askAs("crm", "token-1")).isInstanceOf(Answer.Fulfilled.class);

    assertThat(it.calls().stream().filter("create"::equals)).hasSize(2);
    assertThat(it.credential("crm").history().getLast().requests())
        .containsExactly("token-1", "token-2");
  }

  @Test
  void an_emergency_is_no_repeat_of_a_graceful_rotation() throws Exception {
    var _ = it.askAs("crm", "token-1");
    it.rotateFor(MINUTE);
    var former = it.previous("crm");

    assertThat(it.askAs("crm", "token-1", true)).isInstanceOf(Answer.Asked.class);
    it.liveFor(MINUTE.multipliedBy(2));

    assertThat(it.active(former)).isFalse();
    assertThat(it.askAs("crm", "token-1", true)).isInstanceOf(Answer.Fulfilled.class);
  }

  @Test
  void a_wish_within_a_grace_is_refused_with_its_end() throws Exception {
    var first = it.current("crm");
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);

    assertThat(it.ask("crm", false, false, false))
        .isEqualTo(new Answer.InGrace(first.id(), it.graceEnd("crm")));
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
  }

  @Test
  void force_retires_the_former_client_first() throws Exception {
    var first = it.current("crm");
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    var second = it.current("crm");

    assertThat(it.ask("crm", true, false, false)).isInstanceOf(Answer.Asked.class);
    it.endFor(MINUTE).rotateFor(MINUTE);

    assertThat(it.genesys.logsIn(first)).isFalse();
    assertThat(it.genesys.logsIn(second)).isTrue();
    assertThat(it.current("crm").id()).isNotEqualTo(second.id());
  }

  @Test
  void an_emergency_ends_the_former_client_right_after_the_switch() throws Exception {
    var first = it.current("crm");

    var _ = it.ask("crm", false, true, false);
    it.rotateFor(Duration.ofSeconds(30)).endFor(Duration.ofSeconds(5));

    assertThat(it.genesys.logsIn(first)).isFalse();
    assertThat(it.genesys.logsIn(it.current("crm"))).isTrue();
  }

  @Test
  void an_emergency_without_a_successor_leaves_the_present_client_alone() throws Exception {
    var first = it.current("crm");
    refuseCreates(1_000);

    var _ = it.ask("crm", false, true, false);
    it.rotateFor(Duration.ofMinutes(2)).endFor(MINUTE);

    assertThat(it.genesys.logsIn(first)).isTrue();
  }

  @Test
  void a_successor_that_shows_late_is_not_given_up_since_an_emergency_looks_often()
      throws Exception {
    var first = it.current("crm");
    for (int i = 0; i < 24; i++) {
      it.genesys.refuse("get", 404, "not.found");
    }
    it.genesys.forgetCalls();

    var _ = it.ask("crm", false, true, false);
    it.rotateFor(Delays.STANDARD.visibility()).endFor(MINUTE);

    assertThat(it.calls().stream().filter("create"::equals)).hasSize(1);
    assertThat(it.genesys.logsIn(first)).isFalse();
    assertThat(it.genesys.logsIn(it.current("crm"))).isTrue();
  }

  @Test
  void an_emergency_waits_minutes_whatever_number_of_successors_was_taken_back() throws Exception {
    var first = it.current("crm");
    it.genesys.loseAPair(15);

    var _ = it.ask("crm", false, true, false);
    it.rotateFor(Duration.ofHours(2)).endFor(MINUTE);

    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
    assertThat(it.genesys.logsIn(first)).isFalse();
  }

  @Test
  void an_emergency_whose_successors_are_all_taken_back_makes_few_an_hour() throws Exception {
    it.genesys.loseAPair(10_000);
    it.genesys.forgetCalls();

    var _ = it.ask("crm", false, true, false);
    it.rotateFor(Duration.ofDays(1));

    assertThat(it.calls().stream().filter("create"::equals).count()).isBetween(24L * 10, 24L * 40);
  }

  @Test
  void an_emergency_that_allows_an_outage_ends_the_present_client_all_the_same() throws Exception {
    var first = it.current("crm");
    refuseCreates(3);

    var _ = it.ask("crm", false, true, true);
    it.rotateFor(Duration.ofSeconds(5)).endFor(Duration.ofSeconds(5));

    assertThat(it.genesys.logsIn(first)).isFalse();
    assertThat(it.credential("crm").current()).isNull();

    it.rotateFor(Duration.ofDays(1)).endFor(MINUTE).rotateFor(Duration.ofHours(1));
    assertThat(it.genesys.logsIn(it.current("crm"))).isTrue();
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.IDLE);
    assertThat(it.genesys.held()).containsOnlyKeys(it.current("crm").id());
  }

  @Test
  void an_outage_that_is_allowed_does_not_wait_for_a_limit_to_be_over() throws Exception {
    var first = it.current("crm");
    it.genesys.limit("create", Duration.ofHours(5));

    var _ = it.ask("crm", false, true, true);
    it.rotateFor(Duration.ofSeconds(5)).endFor(Duration.ofSeconds(5));

    assertThat(it.genesys.logsIn(first)).isFalse();
  }

  @Test
  void a_copy_of_nobody_cannot_be_asked_for() throws Exception {
    it.role("empty", RotationHarness.MONTHLY, Set.of(), "");

    assertThat(it.ask("empty", false, false, false)).isInstanceOf(Answer.NothingToCopy.class);
  }

  @Test
  void nothing_is_begun_once_the_mount_is_being_disabled() throws Exception {
    it.queue.open();
    it.queue.stop(Deadline.in(MINUTE, it.time));
    it.queue.changed("crm");
    it.locks.interruptAt(it.time.now().plus(MINUTE));

    assertThatThrownBy(() -> it.queue.take(false)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void nothing_is_begun_in_a_session_that_opens_while_the_mount_is_being_disabled()
      throws Exception {
    var first = it.current("crm");
    it.time.advance(RotationHarness.PERIOD);
    it.queue.stop(Deadline.in(MINUTE, it.time));

    it.rotateFor(MINUTE);
    assertThat(it.current("crm").id()).isEqualTo(first.id());
    assertThat(it.calls().stream().filter("create"::equals)).hasSize(1);

    it.queue.tainted(false);
    it.rotateFor(MINUTE);
    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
  }

  @Test
  void what_a_taint_stopped_begins_again_when_it_is_gone() throws Exception {
    var first = it.current("crm");
    it.queue.open();
    it.queue.stop(Deadline.in(MINUTE, it.time));
    assertThat(it.ask("crm", false, true, false)).isInstanceOf(Answer.Asked.class);
    assertThat(it.queue.status().tainted()).isTrue();

    it.queue.tainted(false);

    assertThat(it.queue.take(false)).get().returns(false, work -> work.watch);
    assertThat(it.queue.status().tainted()).isFalse();
    assertThat(it.current("crm").id()).isEqualTo(first.id());
  }

  private void refuseCreates(int times) {
    for (int i = 0; i < times; i++) {
      it.genesys.refuse("create", 400, "auth.too.many.clients");
    }
  }

  @Test
  void a_rotation_that_does_not_end_in_time_is_reported_once() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      it.genesys.refuse("create", 403, "not.authorized");
    }
    try (var logs = new CapturedLogs()) {
      it.rotateFor(RotationHarness.PERIOD.plus(Duration.ofHours(12)));

      assertThat(logs.lines().stream().filter(text -> text.contains("is overdue"))).hasSize(1);
    }
  }

  @Test
  void events_tell_what_becomes_of_a_rotation_and_hold_no_secret() throws Exception {
    var first = it.current("crm");
    it.genesys.refuse("create", 403, "not.authorized");

    it.pastTheNextRotation("crm");

    assertThat(it.events.sent())
        .extracting(event -> event.type())
        .containsExactly(
            "genesys/static-role-rotated",
            "genesys/static-role-failed",
            "genesys/static-role-rotated",
            "genesys/static-role-decommissioned");
    assertThat(it.events.sent().getLast().metadata())
        .containsEntry("client_id", first.id().value())
        .containsEntry("name", "crm")
        .containsEntry("path", "static-roles/crm");
    assertThat(it.events.sent().toString())
        .doesNotContain(first.secret().reveal(), it.current("crm").secret().reveal());
  }

  @Test
  void a_deleted_role_takes_its_client_along() throws Exception {
    delete("crm");

    it.rotateFor(MINUTE).endFor(Duration.ofMinutes(10));

    assertThat(it.genesys.held()).isEmpty();
    assertThat(it.keysBesideHistory()).containsExactly("config", "mount");
  }

  @Test
  void a_deleted_role_takes_along_what_is_in_its_grace_and_what_is_being_made() throws Exception {
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    var _ = it.ask("crm", true, false, false);
    it.rotateFor(Duration.ofSeconds(5));
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.CREATED);
    delete("crm");

    it.rotateFor(MINUTE).endFor(Duration.ofMinutes(10));

    assertThat(it.genesys.held()).isEmpty();
  }

  @Test
  void a_role_that_releases_its_client_leaves_it_as_it_is() throws Exception {
    it.onDelete = OnDelete.RELEASE;
    it.role("free", RotationHarness.MONTHLY, Set.of(), "client-1").rotateFor(MINUTE);
    var free = it.current("free");
    delete("free");

    it.rotateFor(MINUTE).endFor(Duration.ofMinutes(10));

    assertThat(it.genesys.logsIn(free)).isTrue();
    assertThat(it.keysBesideHistory()).noneMatch(key -> key.contains("free"));
  }

  private void delete(String name) throws InterruptedException {
    it.credentials.put(name, it.credential(name).with(draft -> draft.phase = Phase.DELETING));
  }
}
