package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node takes the place of another one; a snapshot takes the place of what came after it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ClusterChangesTest {
  private final Cluster cluster;

  ClusterChangesTest(@TempDir Path folder) throws Exception {
    cluster = Cluster.start(folder);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void nothing_is_lost_where_a_node_joins_later_and_leads() throws Exception {
    var outcome =
        ClusterLoad.during(
            cluster,
            "a node joins, another one goes, the new one leads",
            leader -> {
              var joined = cluster.join("node-4");
              cluster.remove(
                  cluster.standbys().stream()
                      .filter(node -> !node.equals(joined))
                      .toList()
                      .getFirst());
              cluster.haveLead(joined);
            });

    assertThat(outcome.faults()).isEmpty();
  }

  /** What this engine notices of it by itself is not much yet. */
  @Test
  void after_a_snapshot_is_restored_leases_of_before_end_and_new_ones_come() throws Exception {
    var http = cluster.leader().http();
    cluster.awaitSession(cluster.leader());
    http.must(
        "genesys/static-roles/restored",
        Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "rotation_period", "30d"));
    var kept = http.get("genesys/creds/demo").body();
    var revoked = http.get("genesys/creds/demo").body();
    var formerSteady = VaultHttp.credential(http.data("genesys/static-creds/restored"));
    var snapshot = http.snapshot();
    http.must("sys/leases/revoke", lease(revoked.path("lease_id").asText()));
    http.must("genesys/rotate-role/restored", Map.of("emergency", true));
    var laterSteady = VaultHttp.credential(http.data("genesys/static-creds/restored"));
    var later = VaultHttp.credential(http.get("genesys/creds/demo").body().path("data"));

    http.restore(snapshot);

    var leader = cluster.leader();
    Eventually.is(
        "the static credential is that of the snapshot",
        Cluster.PATIENCE,
        () ->
            VaultHttp.credential(leader.http().data("genesys/static-creds/restored"))
                .equals(formerSteady));
    cluster.awaitSession(leader);
    var credential = VaultHttp.credential(kept.path("data"));
    assertThat(cluster.logsIn(credential)).isTrue();
    leader.http().must("sys/leases/revoke", lease(kept.path("lease_id").asText()));
    assertThat(cluster.logsIn(credential)).isFalse();
    leader.http().must("sys/leases/revoke", lease(revoked.path("lease_id").asText()));
    assertThat(
            cluster.logsIn(
                VaultHttp.credential(leader.http().get("genesys/creds/demo").body().path("data"))))
        .isTrue();
    // A look tells that the present client is gone, and a rotation mends it.
    assertThat(
            leader
                .http()
                .data("genesys/static-roles/restored/status")
                .path("client_error")
                .asText())
        .isNotEmpty();
    leader.http().must("genesys/rotate-role/restored", Map.of("emergency", true));
    assertThat(
            cluster.logsIn(
                VaultHttp.credential(leader.http().data("genesys/static-creds/restored"))))
        .isTrue();
    // Nobody ends those that were made after the snapshot.
    assertThat(cluster.logsIn(later)).isTrue();
    assertThat(cluster.logsIn(laterSteady)).isTrue();
    for (var orphan : List.of(later, laterSteady)) {
      cluster.genesys.deleteByHand(
          cluster.simulator.loginUrl(), orphan.getOrDefault("client_id", ""));
    }
    new ClusterLoad.Outcome(
            3,
            0,
            List.of("the static credential"),
            List.of("creds", "static-creds"),
            List.of(),
            List.of(),
            1,
            Duration.ZERO)
        .print("a snapshot is restored: 3 of before, 2 of after it");
  }

  private static Map<String, Object> lease(String id) {
    return Map.of("lease_id", id, "sync", true);
  }
}
