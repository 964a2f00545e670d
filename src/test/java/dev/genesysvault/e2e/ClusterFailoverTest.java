package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another node of three takes over while leases are issued and a static role is rotated. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ClusterFailoverTest {
  private final Cluster cluster;

  ClusterFailoverTest(@TempDir Path folder) throws Exception {
    cluster = Cluster.start(folder);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void nothing_is_lost_where_the_leader_steps_down() throws Exception {
    during(
        "the leader steps down",
        leader -> {
          leader.http().must("sys/step-down", Map.of());
          cluster.leaderAfter(leader);
        });
  }

  @Test
  void nothing_is_lost_where_the_leader_is_killed() throws Exception {
    during(
        "the leader is killed",
        leader -> {
          leader.server().kill();
          cluster.leaderAfter(leader);
          leader.server().rejoin();
        });
  }

  @Test
  void nothing_is_lost_where_the_leaders_host_hangs_and_comes_back() throws Exception {
    during(
        "the leader's host hangs and comes back",
        leader -> {
          leader.suspend();
          try {
            cluster.leaderAfter(leader);
          } finally {
            leader.resume();
          }
        });
  }

  @Test
  void nothing_is_lost_where_the_new_leaders_sidecar_dies_in_the_failover() throws Exception {
    during(
        "the leader is killed, then the next one's sidecar",
        leader -> {
          leader.server().kill();
          var next = cluster.leader();
          next.sidecar().kill();
          next.sidecar().start();
          leader.server().rejoin();
          cluster.awaitSession(cluster.leader());
        });
  }

  private void during(String what, ClusterLoad.Accident accident) throws Exception {
    var outcome = ClusterLoad.during(cluster, what, accident);

    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.issued()).isGreaterThan(10);
    assertThat(outcome.longestWait()).isLessThan(Duration.ofSeconds(60));
  }
}
