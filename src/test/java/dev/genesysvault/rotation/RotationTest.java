package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A static credential gets from one client to the next without anybody noticing. */
final class RotationTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final RotationHarness it;

  RotationTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @BeforeEach
  void defined() throws Exception {
    it.defined("crm").rotateFor(MINUTE);
  }

  @Test
  void the_first_client_has_what_its_role_says_and_logs_in() throws Exception {
    var first = it.current("crm");

    assertThat(it.genesys.logsIn(first)).isTrue();
    assertThat(it.body(first.id()).roleDivisions())
        .containsExactly(new RoleDivision("role-1", "*"), new RoleDivision("role-2", "div-1"));
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.IDLE);
    assertThat(it.credential("crm").nextRotation())
        .isEqualTo(
            Objects.requireNonNull(it.credential("crm").lastRotation())
                .plus(RotationHarness.PERIOD));
  }

  @Test
  void a_client_is_announced_before_it_is_made_and_verified_before_it_is_handed_out() {
    assertThat(it.calls()).containsExactly("create", "get", "tokenOwner", "grantsOf", "divisions");
    assertThat(it.storage.writes())
        .containsSubsequence(
            "put static-creds/crm", "put static-creds/crm", "put static-creds/crm");
  }

  @Test
  void nothing_happens_before_it_is_due() throws Exception {
    var first = it.current("crm");
    it.genesys.forgetCalls();
    it.storage.forgetOperations();

    it.rotateFor(RotationHarness.PERIOD.minus(MINUTE.multipliedBy(2)));

    assertThat(it.calls()).isEmpty();
    assertThat(it.storage.operations())
        .containsExactly("list static-creds/", "get static-creds/crm", "get drain");
    assertThat(it.current("crm").id()).isEqualTo(first.id());
  }

  @Test
  void a_successor_takes_over_when_it_is_due_and_the_former_works_until_its_grace_is_over()
      throws Exception {
    var first = it.current("crm");

    it.rotateFor(RotationHarness.PERIOD.plus(MINUTE.multipliedBy(5)));

    var second = it.current("crm");
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(it.genesys.logsIn(second)).isTrue();
    assertThat(it.genesys.logsIn(first)).isTrue();
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
    assertThat(it.previous("crm")).isEqualTo(first.id());
  }

  @Test
  void the_former_is_gone_after_its_grace() throws Exception {
    var first = it.current("crm");

    it.pastTheNextRotation("crm");

    assertThat(it.genesys.held()).containsOnlyKeys(it.current("crm").id());
    assertThat(it.credential("crm").retired()).isEmpty();
    assertThat(it.credential("crm").history().getLast().from()).isEqualTo(first.id());
    assertThat(it.credential("crm").history().getLast().ended()).isNotNull();
    assertThat(it.storage.keys()).noneMatch(key -> key.startsWith("clients/"));
  }

  @Test
  void the_secret_of_a_former_client_is_not_kept() throws Exception {
    var secret = it.current("crm").secret().reveal();

    it.rotateFor(RotationHarness.PERIOD.plus(MINUTE.multipliedBy(5)));

    assertThat(it.storage.text("static-creds/crm")).doesNotContain(secret);
  }

  @Test
  void a_division_that_genesys_lost_stops_the_switch_and_is_named() throws Exception {
    var first = it.current("crm");
    it.genesys.loseAPair(1);

    // Until a quarter of a minute after it was due: too early for another try.
    it.rotateFor(RotationHarness.PERIOD.minus(Duration.ofSeconds(35)));

    assertThat(it.current("crm").id()).isEqualTo(first.id());
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.IDLE);
    // Nor does its record claim what Genesys did not make.
    var key = new ClientKey(it.mount.clients().names().getFirst());
    assertThat(it.mount.client(key).get().orElseThrow().body().roleDivisions()).hasSize(1);

    it.rotateFor(MINUTE.multipliedBy(5)).endFor(MINUTE);

    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
    assertThat(it.body(it.current("crm").id()).roleDivisions()).hasSize(2);
    assertThat(it.genesys.held()).containsOnlyKeys(first.id(), it.current("crm").id());
  }

  @Test
  void grants_that_show_late_are_waited_for() throws Exception {
    var first = it.current("crm");
    for (int i = 0; i < 5; i++) {
      it.genesys.beAway("grantsOf");
    }

    it.rotateFor(RotationHarness.PERIOD.plus(Duration.ofMinutes(30)));

    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
    assertThat(it.calls().stream().filter("create"::equals)).hasSize(2);
  }

  @Test
  void a_successor_that_never_shows_its_divisions_is_taken_back_and_the_present_one_stays()
      throws Exception {
    var first = it.current("crm");
    it.genesys.divide(Set.of("div-other"));

    it.rotateFor(RotationHarness.PERIOD.plus(Duration.ofHours(8))).endFor(MINUTE);

    assertThat(it.current("crm").id()).isEqualTo(first.id());
    assertThat(it.genesys.logsIn(first)).isTrue();
    assertThat(it.genesys.held()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void what_a_lost_create_made_goes_and_another_one_is_asked_for() throws Exception {
    var first = it.current("crm");
    it.genesys.loseReply("create", true);

    it.pastTheNextRotation("crm");

    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
    it.endFor(Duration.ofMinutes(20));
    assertThat(it.genesys.held()).containsOnlyKeys(it.current("crm").id());
  }

  @Test
  void a_copy_has_every_member_that_the_original_has_now() throws Exception {
    var members = new LinkedHashMap<String, Object>(it.body(it.current("crm").id()).members());
    members.put("name", "somebody's");
    members.put("ipAllowlist", "10.0.0.0/8");
    members.put("dateToDelete", "2030-01-01T00:00:00Z");
    var original = it.genesys.hold("original", new ClientBody(members));
    it.role("copy", RotationHarness.MONTHLY, Set.of(), original.value()).rotateFor(MINUTE);

    var copy = it.body(it.current("copy").id());

    assertThat(copy.members())
        .containsEntry("ipAllowlist", "10.0.0.0/8")
        .containsEntry("roleDivisions", members.get("roleDivisions"))
        .doesNotContainKey("dateToDelete");
    assertThat(copy.text("name")).startsWith("vault-copy-" + RotationHarness.MARK);
  }

  @Test
  void a_present_client_that_somebody_deleted_is_succeeded_all_the_same() throws Exception {
    var original = it.genesys.hold("original", it.body(it.current("crm").id()));
    it.role("copy", RotationHarness.MONTHLY, Set.of(), original.value()).rotateFor(MINUTE);
    var first = it.current("copy");
    it.genesys.lose(first.id());

    it.pastTheNextRotation("copy");

    assertThat(it.current("copy").id()).isNotEqualTo(first.id());
    assertThat(it.body(it.current("copy").id()).roleDivisions()).hasSize(2);
  }

  @Test
  void a_template_that_is_named_later_is_copied_next() throws Exception {
    var members = new LinkedHashMap<String, Object>(it.body(it.current("crm").id()).members());
    members.put("ipAllowlist", "10.0.0.0/8");
    var other = it.genesys.hold("other", new ClientBody(members));
    it.role("copy", RotationHarness.MONTHLY, Set.of(), it.current("crm").id().value());
    it.rotateFor(MINUTE);
    it.credentials.put("copy", it.credential("copy").with(draft -> draft.original = other));

    it.pastTheNextRotation("copy");

    assertThat(it.body(it.current("copy").id()).text("ipAllowlist")).isEqualTo("10.0.0.0/8");
    assertThat(it.credential("copy").original()).isNull();
  }

  @Test
  void a_refusal_is_retried_and_harms_nobody() throws Exception {
    var first = it.current("crm");
    for (int i = 0; i < 5; i++) {
      it.genesys.refuse("create", 403, "not.authorized");
    }

    it.rotateFor(RotationHarness.PERIOD.plus(Duration.ofHours(2)));

    assertThat(it.current("crm").id()).isNotEqualTo(first.id());
    assertThat(it.calls().stream().filter("create"::equals)).hasSize(7);
  }

  @Test
  void whatever_dies_the_next_session_goes_on_and_nobody_holds_a_dead_credential()
      throws Exception {
    for (int dies = 0; dies < 40; dies++) {
      var world = new RotationHarness();
      world.defined("crm").rotateFor(MINUTE);
      var left = new int[] {dies};
      var seen = new Credential[] {world.current("crm")};
      world.storage.failWhen(Kind.CLOSED, operation -> left[0]-- == 0);
      for (int session = 0; session < 6; session++) {
        world.rotateFor(RotationHarness.PERIOD.dividedBy(5));
        world.storage.failWhen(Kind.CLOSED, _ -> false);
        assertThat(world.genesys.logsIn(world.current("crm"))).as("killed at " + dies).isTrue();
        assertThat(world.genesys.logsIn(seen[0]) || session > 4).as("killed at " + dies).isTrue();
      }
      world.endFor(Duration.ofMinutes(20)).rotateFor(Duration.ofHours(3));
      world.endFor(Duration.ofMinutes(20));
      assertThat(world.genesys.held())
          .as("killed at " + dies)
          .containsOnlyKeys(world.current("crm").id());
    }
  }

  @Test
  void a_grace_that_ran_out_while_no_session_was_open_lasts_half_a_grace_longer() throws Exception {
    it.rotateFor(RotationHarness.PERIOD.plus(MINUTE));
    var former = it.previous("crm");
    it.time.advance(RotationHarness.GRACE.multipliedBy(5));

    it.rotateFor(RotationHarness.GRACE.dividedBy(2).minus(MINUTE)).endFor(MINUTE);
    assertThat(it.active(former)).isTrue();

    it.rotateFor(RotationHarness.GRACE).endFor(MINUTE);
    assertThat(it.active(former)).isFalse();
  }

  @Test
  void a_window_that_was_missed_waits_for_the_next_slot() throws Exception {
    var nightly =
        new RotationTiming(
            Duration.ZERO,
            "0 3 * * *",
            Duration.ofHours(2),
            RotationHarness.GRACE,
            Duration.ZERO,
            Duration.ZERO);
    it.role("cron", nightly, "role-1:*").rotateFor(MINUTE);
    var first = it.current("cron");
    it.time.advance(Duration.ofHours(6));

    it.rotateFor(Duration.ofHours(12));
    assertThat(it.current("cron").id()).isEqualTo(first.id());

    it.rotateFor(Duration.ofHours(10));
    assertThat(it.current("cron").id()).isNotEqualTo(first.id());
  }

  @Test
  void a_wall_clock_that_is_put_back_has_nobody_look_at_a_former_client_each_second()
      throws Exception {
    it.time.advance(Duration.ofHours(10));
    var _ = it.ask("crm", false, true, false);
    it.rotateFor(MINUTE);
    assertThat(it.credential("crm").retired()).hasSize(1);
    it.time.advance(Duration.ofHours(-10));
    it.storage.forgetOperations();

    it.rotateFor(Duration.ofMinutes(30));

    assertThat(it.storage.operations())
        .filteredOn("get static-creds/crm"::equals)
        .hasSizeLessThan(60);
  }

  @Test
  void a_grace_lasts_no_longer_than_itself_after_an_opening_whose_wall_clock_is_behind()
      throws Exception {
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    var former = it.previous("crm");
    it.time.advance(Duration.ofDays(-1));

    it.rotateFor(RotationHarness.GRACE.plus(MINUTE)).endFor(MINUTE.multipliedBy(10));

    assertThat(it.active(former)).isFalse();
  }

  @Test
  void a_limit_pauses_every_role_for_as_long_as_genesys_asks() throws Exception {
    it.defined("other").defined("third");
    it.genesys.limit("create", Duration.ofSeconds(42));
    it.genesys.forgetCalls();

    it.rotateFor(Duration.ofSeconds(41));
    assertThat(it.calls()).containsExactly("create");

    it.time.advance(Duration.ofSeconds(2));
    it.rotateFor(MINUTE);
    assertThat(it.genesys.logsIn(it.current("other"))).isTrue();
    assertThat(it.genesys.logsIn(it.current("third"))).isTrue();
  }

  @Test
  void a_client_whose_readers_are_told_of_nobody_else_is_never_retired() throws Exception {
    ClientId only = it.current("crm").id();

    it.rotateFor(RotationHarness.PERIOD.minus(MINUTE.multipliedBy(3))).endFor(MINUTE);

    assertThat(it.active(only)).isTrue();
  }
}
