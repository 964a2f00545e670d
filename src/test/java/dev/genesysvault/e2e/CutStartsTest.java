package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sidecar that is killed again and again while it starts and opens its sessions gets its work
 * done all the same, and begins nothing at once in whose midst it was killed. {@code
 * -Dcut.starts=50} has it killed that often, {@code -Dcut.seed=} at the same moments.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CutStartsTest {
  private static final int STARTS = Integer.getInteger("cut.starts", 10);
  private static final long SEED = Long.getLong("cut.seed", 20_261_129);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** About as long as a start takes until the session has opened. */
  private static final int LONGEST_LIFE_MS = 2_500;

  private final Stack stack;
  private final String mark;

  CutStartsTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder, "--longest-request=4s", "--visibility-delay=1s");
    stack.mountReady("genesys");
    mark = stack.http.data("genesys/config").path("mount_id").asText();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  private List<String> lease(int count) throws Exception {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(
          stack
              .client
              .logical()
              .read("genesys/creds/demo")
              .getData()
              .getOrDefault("client_id", ""));
    }
    return ids;
  }

  /** Ends every lease while no sidecar is there, so that the next one has to. */
  private void revokeAllWithoutSidecar() throws Exception {
    stack.killSidecar();
    stack.http.must("sys/leases/revoke-prefix/genesys/creds", Map.of("sync", true));
  }

  @Test
  void a_step_in_whose_midst_it_was_killed_is_told_and_done_after_all_else() throws Exception {
    var ids = lease(4);
    var suspect = ids.getFirst();
    revokeAllWithoutSidecar();
    for (int death = 1; death <= 2; death++) {
      stack.genesys.clearFaults();
      stack.genesys.hold("PUT", "/api/v2/oauth/clients/" + suspect, "before");
      stack.startSidecar();
      stack.genesys.awaitHeld();
      stack.killSidecar();
    }
    stack.genesys.clearFaults();
    stack.startSidecar();

    Eventually.is(
        "status names the step",
        PATIENCE,
        () ->
            stack
                .http
                .data("genesys/status")
                .path("postponed_steps")
                .toString()
                .contains("the sidecar ended in its midst, 2 in a row"));
    assertThat(stack.genesys.clientIds()).contains(suspect).doesNotContain(ids.getLast());
    assertThat(stack.logs()).contains("the sidecar ended in the midst of a step");
    assertThat(stack.client.logical().read("genesys/creds/demo").getData()).isNotEmpty();
    Eventually.is(
        "the client has gone", PATIENCE, () -> !stack.genesys.clientIds().contains(suspect));
    assertThat(stack.http.data("genesys/status").path("postponed_steps")).isEmpty();
  }

  @Test
  void starts_that_are_cut_keep_nothing_from_being_done() throws Exception {
    var random = new Random(SEED);
    stack.http.must(
        "genesys/static-roles/steady",
        Map.of(
            "role_divisions",
            SimulatedOrganization.HELD_PAIR,
            "rotation_period",
            "30d",
            "stagger",
            0));
    var _ = lease(20);
    revokeAllWithoutSidecar();
    for (int start = 1; start <= STARTS; start++) {
      stack.startSidecar();
      Thread.sleep(random.nextInt(LONGEST_LIFE_MS));
      stack.killSidecar();
    }
    stack.startSidecar();

    Eventually.is(
        "the static role's client alone is left",
        PATIENCE,
        () -> stack.genesys.clientsMarked(mark).size() == 1);
    assertThat(lease(1)).isNotEmpty();
    System.out.printf("%d starts cut with seed %d%n", STARTS, SEED);
  }
}
