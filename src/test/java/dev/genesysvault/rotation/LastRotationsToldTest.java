package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.Drain;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a static role's last rotations, and of clients that it does not end. */
final class LastRotationsToldTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final RotationHarness it = new RotationHarness();

  LastRotationsToldTest() throws InterruptedException {}

  @BeforeEach
  void make_the_first_client() throws Exception {
    it.defined("crm").rotateFor(MINUTE);
  }

  private List<RecordedRotation> kept() throws InterruptedException {
    var folder = it.mount.history("crm");
    var kept = new ArrayList<RecordedRotation>();
    for (var id : folder.names()) {
      kept.add(folder.entry(id).get().orElseThrow());
    }
    return kept;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_rotation_that_was_not_told_yet_is_told_before_its_role_goes(boolean drained)
      throws Exception {
    var _ = it.ask("crm", false, false, false);
    // The process dies between the switch and what is told of it.
    it.storage.failWhen(
        Kind.CLOSED,
        operation -> operation.startsWith("get history/") || operation.startsWith("put history/"));
    it.rotateFor(MINUTE.multipliedBy(5));
    it.storage.failWhen(Kind.CLOSED, _ -> false);
    assertThat(kept()).hasSize(1);
    assertThat(it.credential("crm").history()).hasSize(2);

    if (drained) {
      it.mount.drain().put(new Drain(it.time.now(), "somebody", Map.of()));
    } else {
      it.deleted("crm");
    }
    it.rotateFor(MINUTE).endFor(MINUTE.multipliedBy(10));

    assertThat(it.credentials.get("crm")).isEmpty();
    assertThat(kept())
        .filteredOn(rotation -> rotation.reason().equals("manual"))
        .singleElement()
        .satisfies(rotation -> {
          assertThat(rotation.askers()).hasSize(1);
          assertThat(rotation.switched()).isNotNull();
          assertThat(rotation.deleted()).isNotNull();
        });
  }

  @Test
  void a_client_that_a_deleted_role_lets_go_is_told_as_let_go() throws Exception {
    it.onDelete = OnDelete.RELEASE;
    it.role("crm", RotationHarness.MONTHLY, "role-1:*").rotateFor(MINUTE);
    var current = it.current("crm").id();
    it.deleted("crm");

    it.rotateFor(MINUTE);

    assertThat(it.active(current)).isTrue();
    assertThat(kept().getLast())
        .returns(RecordedRotation.DELETED, RecordedRotation::reason)
        .returns(true, RecordedRotation::released)
        .returns(current, RecordedRotation::from)
        .satisfies(rotation -> assertThat(rotation.deleted()).isNotNull());
  }

  @Test
  void a_former_client_that_somebody_else_deleted_is_told_as_found_deleted() throws Exception {
    var former = it.current("crm").id();
    it.rotateFor(RotationHarness.PERIOD.plus(RotationHarness.GRACE).plus(MINUTE));
    it.genesys.lose(former);
    it.time.advance(Duration.ofMinutes(10));

    it.endFor(MINUTE.multipliedBy(10));

    assertThat(kept().getLast())
        .returns(former, RecordedRotation::from)
        .returns(true, RecordedRotation::foundDeleted)
        .satisfies(rotation -> assertThat(rotation.deleted()).isNotNull())
        .satisfies(rotation -> assertThat(rotation.deactivated()).isNull());
  }

  @Test
  void an_end_that_is_repeated_after_a_kill_is_told_as_it_was_told_first() throws Exception {
    it.rotateFor(RotationHarness.PERIOD.plus(RotationHarness.GRACE).plus(MINUTE));
    it.storage.failWhen(Kind.OTHER, operation -> operation.startsWith("delete clients/"));
    it.endFor(Duration.ofSeconds(1));
    it.storage.failWhen(Kind.OTHER, _ -> false);
    var first = kept().getLast();
    assertThat(first.deleted()).isNotNull();
    it.time.advance(Duration.ofHours(9));

    it.endFor(MINUTE.multipliedBy(10));

    assertThat(it.mount.clients().names()).isEmpty();
    assertThat(kept().getLast()).isEqualTo(first);
    assertThat(first.late()).isEmpty();
  }

  @Test
  void former_clients_that_an_outage_kept_say_so_each_of_them() throws Exception {
    it.defined("erp").rotateFor(MINUTE);
    it.rotateFor(RotationHarness.PERIOD.plus(RotationHarness.GRACE).plus(MINUTE));
    it.unreachable = "Genesys does not answer";
    it.unreachableUntil = it.time.now().plus(Duration.ofHours(5));

    it.endFor(Duration.ofHours(6));

    for (var role : List.of("crm", "erp")) {
      var folder = it.mount.history(role);
      var last = folder.entry(folder.names().getLast()).get().orElseThrow();
      assertThat(last.deleted()).isNotNull();
      assertThat(last.late())
          .as(role)
          .isNotEmpty()
          .allMatch(late -> late.contains("of that: Genesys does not answer"));
    }
  }

  @Test
  void who_asks_again_and_again_pushes_out_neither_who_began_nor_the_count() throws Exception {
    it.unreachable = "Genesys does not answer";
    for (int i = 0; i < 25; i++) {
      var _ = it.askAs("crm", "change-%d".formatted(i));
      it.time.advance(Duration.ofSeconds(1));
    }
    it.unreachable = "";
    it.rotateFor(MINUTE.multipliedBy(5));

    var kept = kept().getLast();
    assertThat(kept.askers()).hasSize(RotationRun.MOST_REQUESTS);
    assertThat(kept.others()).isEqualTo(25 - RotationRun.MOST_REQUESTS);
    assertThat(kept.askers().getFirst()).extracting(Asker::time).isEqualTo(kept.asked());
    assertThat(kept.requests()).contains("change-0", "change-24").doesNotContain("change-1");
  }
}
