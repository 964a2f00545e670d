package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.Admission.Kind;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.resilience.SystemLocks;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AdmissionTest {
  private static final int MEGABYTE = 1024 * 1024;

  private final Admission admission = new Admission(new SystemLocks());
  private final EngineHarness engine = new EngineHarness();

  private int letIn(String mount, Kind kind, long bytes, int asked) {
    int count = 0;
    for (int i = 0; i < asked; i++) {
      count += admission.enter(mount, kind, bytes) ? 1 : 0;
    }
    return count;
  }

  @Test
  void a_mount_holds_so_many_requests_and_no_more() {
    assertThat(letIn("one", Kind.GENESYS, 1_000, 4_000)).isEqualTo(512);

    admission.leave("one", Kind.GENESYS, 1_000);

    assertThat(letIn("one", Kind.GENESYS, 1_000, 10)).isEqualTo(1);
  }

  @Test
  void large_requests_are_fewer() {
    assertThat(letIn("one", Kind.GENESYS, 200_000, 4_000)).isEqualTo(8 * MEGABYTE / 200_000);
  }

  @Test
  void one_request_gets_in_however_large_it_is() {
    assertThat(letIn("one", Kind.GENESYS, 20L * MEGABYTE, 3)).isEqualTo(1);
  }

  @Test
  void who_waits_for_genesys_keeps_nobody_out_who_does_not() {
    letIn("one", Kind.GENESYS, 1_000, 4_000);

    assertThat(letIn("one", Kind.STORAGE, 1_000, 100)).isEqualTo(100);
    assertThat(letIn("one", Kind.LOOK, 1_000, 10)).isEqualTo(10);
    assertThat(letIn("one", Kind.URGENT, MEGABYTE, 4_000)).isEqualTo(4_000);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "URGENT")
  void only_what_takes_a_log_in_away_is_not_counted(Kind kind) {
    assertThat(letIn("one", kind, 1_000, 5_000)).isLessThanOrEqualTo(4_096);
    assertThat(letIn("two", kind, MEGABYTE, 5_000)).isLessThanOrEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "REVOKE, '', URGENT",
    "ROLLBACK, '', URGENT",
    "RENEW, '', RENEWAL",
    "READ, status, LOOK",
    "READ, config, LOOK",
    "READ, drain, LOOK",
    "UPDATE, config, MOUNT",
    "DELETE, config, MOUNT",
    "CREATE, drain, MOUNT",
    "READ, static-roles/status, ROLE_STATUS",
    "UPDATE, destinations/check, CHECK",
    "UPDATE, alerts/test, CHECK",
    "READ, creds/name, GENESYS",
    "UPDATE, roles/name, GENESYS",
    "READ, roles/name, STORAGE",
    "READ, static-creds/name, STORAGE",
    "LIST, clients/list, STORAGE"
  })
  void a_request_counts_with_those_that_wait_for_the_same(
      Operation operation, String pathId, Kind kind) {
    assertThat(Admission.kind(engine.unanswered(pathId, operation, Map.of()))).isEqualTo(kind);
  }

  @Test
  void of_rotations_only_emergencies_are_always_let_in() {
    var emergency = Map.<String, Object>of("emergency", true);

    assertThat(Admission.kind(engine.unanswered("rotate-role/name", Operation.UPDATE, emergency)))
        .isEqualTo(Kind.URGENT);
    assertThat(Admission.kind(engine.unanswered("rotate-role/name", Operation.UPDATE, Map.of())))
        .isEqualTo(Kind.GENESYS);
  }

  @Test
  void all_mounts_together_hold_so_many_and_each_of_them_a_few_all_the_same() {
    int held = 0;
    for (int mount = 0; mount < 10; mount++) {
      held += letIn("mount-" + mount, Kind.GENESYS, 1_000, 4_000);
    }

    assertThat(held).isEqualTo(1_024 + 8 * 8);
  }

  @Test
  void everything_that_was_let_in_leaves_nothing_behind() {
    int held = letIn("one", Kind.GENESYS, 5_000, 4_000);
    for (int i = 0; i < held; i++) {
      admission.leave("one", Kind.GENESYS, 5_000);
    }

    assertThat(letIn("one", Kind.GENESYS, 5_000, 4_000)).isEqualTo(held);
  }
}
