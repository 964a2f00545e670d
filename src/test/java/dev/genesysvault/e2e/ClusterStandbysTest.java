package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What each node of three answers, the one that leads and those that stand by. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterStandbysTest {
  private static final int EMERGENCIES = 5;

  private final Cluster cluster;
  private int count;

  ClusterStandbysTest(@TempDir Path folder) throws Exception {
    cluster = Cluster.start(folder);
  }

  @BeforeAll
  void awaitSession() throws Exception {
    cluster.awaitSession(cluster.leader());
  }

  @AfterEach
  void heal() throws Exception {
    for (var node : cluster.nodes()) {
      node.sidecar().ensure();
      node.sidecar().awaitListening();
    }
    cluster.awaitSession(cluster.leader());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void a_lease_may_be_had_renewed_and_revoked_through_any_node() throws Exception {
    for (var node : cluster.nodes()) {
      int before = cluster.genesys.clientIds().size();

      var lease = node.http().get("genesys/creds/demo");

      assertThat(lease.status()).as(lease.errors()).isEqualTo(200);
      var credential = VaultHttp.credential(lease.body().path("data"));
      assertThat(cluster.logsIn(credential)).isTrue();
      assertThat(cluster.genesys.clientIds()).hasSize(before + 1);
      var id = lease.body().path("lease_id").asText();
      for (var other : cluster.nodes()) {
        other.http().must("sys/leases/renew", Map.of("lease_id", id, "increment", 1_800));
      }
      node.http().must("sys/leases/revoke", Map.of("lease_id", id, "sync", true));
      assertThat(cluster.logsIn(credential)).isFalse();
    }
    var leader = cluster.leader();
    var books = new Books(leader.http(), cluster.genesys, "genesys");
    assertThat(books.settled(Cluster.PATIENCE)).isEmpty();
  }

  @Test
  void roles_may_be_written_and_read_through_any_node() throws Exception {
    var names = new ArrayList<String>();
    for (var node : cluster.nodes()) {
      var name = "by-" + node.id();
      node.http()
          .must(
              "genesys/roles/" + name,
              Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", "2h"));
      names.add(name);
    }
    cluster.awaitReplicated();
    for (var node : cluster.nodes()) {
      assertThat(node.http().list("genesys/roles")).containsAll(names);
      for (var name : names) {
        assertThat(node.http().data("genesys/roles/" + name).path("ttl").asInt()).isEqualTo(7_200);
      }
      assertThat(node.http().data("genesys/status").path("session").asBoolean()).isTrue();
    }
  }

  @Test
  void each_node_gives_the_same_static_credential_and_never_one_that_has_been_ended()
      throws Exception {
    var role = written();
    var slowest = Duration.ZERO;
    for (int i = 0; i < EMERGENCIES; i++) {
      var leaked =
          VaultHttp.credential(cluster.leader().http().data("genesys/static-creds/" + role));
      var asked = cluster.nodes().get(i % cluster.nodes().size());

      var answer = asked.http().must("genesys/rotate-role/" + role, Map.of("emergency", true));

      assertThat(answer.path("data").path("rotated").asBoolean()).isTrue();
      long ended = System.nanoTime();
      cluster.awaitReplicated();
      slowest = max(slowest, Duration.ofNanos(System.nanoTime() - ended));
      assertThat(cluster.logsIn(leaked)).isFalse();
      var present =
          VaultHttp.credential(cluster.leader().http().data("genesys/static-creds/" + role));
      assertThat(present).isNotEqualTo(leaked);
      assertThat(cluster.logsIn(present)).isTrue();
      for (var node : cluster.nodes()) {
        assertThat(VaultHttp.credential(node.http().data("genesys/static-creds/" + role)))
            .as(node.id())
            .isEqualTo(present);
      }
    }
    System.out.printf(
        "%s: %d emergencies; all nodes had what followed %d ms after the answer, at the most%n",
        ServerKind.current(), EMERGENCIES, slowest.toMillis());
  }

  @Test
  void the_list_of_static_roles_tells_through_any_node_what_the_active_one_knows()
      throws Exception {
    var role = written();
    for (var node : cluster.nodes()) {
      var told = node.http().data("genesys/static-roles?list=true").path("key_info").path(role);

      assertThat(told.path("phase").asText()).as(node.id()).isNotEmpty();
    }
  }

  @Test
  void a_standby_without_a_sidecar_has_the_leader_answer() throws Exception {
    var role = written();
    cluster.awaitReplicated();
    var present =
        VaultHttp.credential(cluster.leader().http().data("genesys/static-creds/" + role));
    for (var standby : cluster.standbys()) {
      standby.sidecar().kill();

      var answer = standby.http().get("genesys/static-creds/" + role);

      assertThat(answer.status()).as(answer.errors()).isEqualTo(200);
      assertThat(VaultHttp.credential(answer.body().path("data"))).isEqualTo(present);
      assertThat(standby.http().list("genesys/static-roles")).contains(role);
    }
  }

  @Test
  void a_leader_without_a_sidecar_says_so_and_a_standby_that_may_answers() throws Exception {
    var role = written();
    cluster.awaitReplicated();
    var leader = cluster.leader();
    var present = VaultHttp.credential(leader.http().data("genesys/static-creds/" + role));
    leader.sidecar().kill();

    assertSaysThatTheSidecarIsAway(leader.http().get("genesys/static-creds/" + role));
    for (var standby : cluster.standbys()) {
      assertSaysThatTheSidecarIsAway(standby.http().get("genesys/creds/demo"));
      var answer = standby.http().get("genesys/static-creds/" + role);
      if (ServerKind.current().standbysAnswer()) {
        assertThat(answer.status()).as(answer.errors()).isEqualTo(200);
        assertThat(VaultHttp.credential(answer.body().path("data"))).isEqualTo(present);
      } else {
        assertSaysThatTheSidecarIsAway(answer);
      }
    }
  }

  @Test
  void standbys_that_must_not_answer_forward(@TempDir Path folder) throws Exception {
    var plugin = Stack.PLUGIN_DIRECTORY.resolve(Stack.PLUGIN);
    try (var other = Cluster.start(folder, plugin, ServerKind.current().standbysForward())) {
      other.awaitSession(other.leader());
      other.leader().http().must("genesys/static-roles/crm", staticRole());
      var present = other.leader().http().data("genesys/static-creds/crm");
      for (var standby : other.standbys()) {
        assertThat(standby.http().data("genesys/static-creds/crm").path("client_id"))
            .isEqualTo(present.path("client_id"));
        assertThat(standby.http().get("genesys/creds/demo").status()).isEqualTo(200);
      }
      other.leader().sidecar().kill();
      for (var standby : other.standbys()) {
        assertSaysThatTheSidecarIsAway(standby.http().get("genesys/static-creds/crm"));
      }
    }
  }

  private static void assertSaysThatTheSidecarIsAway(VaultHttp.Answer answer) {
    assertThat(List.of(500, 502, 503)).as(answer.errors()).contains(answer.status());
    assertThat(answer.errors()).contains("sidecar is unavailable");
  }

  private String written() throws Exception {
    count++;
    var role = "steady-" + count;
    cluster.leader().http().must("genesys/static-roles/" + role, staticRole());
    return role;
  }

  private static Map<String, Object> staticRole() {
    return Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "rotation_period", "30d");
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
