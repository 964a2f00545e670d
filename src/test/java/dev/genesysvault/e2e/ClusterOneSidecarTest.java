package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of one host have one sidecar, which serves whichever leads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ClusterOneSidecarTest {
  private final Cluster cluster;

  ClusterOneSidecarTest(@TempDir Path folder) throws Exception {
    cluster = Cluster.startWithOneSidecar(folder);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void nothing_is_lost_where_a_leader_steps_down_and_the_next_one_is_killed() throws Exception {
    var outcome =
        ClusterLoad.during(
            cluster,
            "one sidecar: a leader steps down, the next is killed",
            first -> {
              first.http().must("sys/step-down", Map.of());
              var second = cluster.leaderAfter(first);
              second.server().kill();
              cluster.leaderAfter(second);
              second.server().rejoin();
            });

    assertThat(outcome.faults()).isEmpty();
  }
}
