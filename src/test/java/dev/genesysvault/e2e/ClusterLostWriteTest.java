package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader ends the client of a lease at Genesys and hangs; when it comes back, another one leads,
 * and it can write nothing down any more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class ClusterLostWriteTest {
  private final Cluster cluster;

  ClusterLostWriteTest(@TempDir Path folder) throws Exception {
    cluster = Cluster.start(folder);
  }

  @BeforeEach
  void awaitSession() throws Exception {
    cluster.awaitVoters();
    cluster.awaitSession(cluster.leader());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void a_revoke_whose_write_was_lost_is_to_be_asked_again_and_ends_the_record() throws Exception {
    var former = cluster.leader();
    var lease = former.http().get("genesys/creds/demo").body();
    var revoke = Map.of("lease_id", lease.path("lease_id").asText(), "sync", true);

    var revoked = endedMeanwhile(former, lease.path("data").path("client_id").asText(), revoke);
    former.suspend();
    var next = cluster.leaderAfter(former);
    var books = new Books(next.http(), cluster.genesys, "genesys");
    var left = books.issuedWithoutClient();
    cluster.genesys.release();
    former.resume();
    var answer = revoked.get();

    assertThat(left).containsValue(lease.path("data").path("client_id").asText());
    // OpenBao has the node that leads answer; Vault has the caller ask there.
    assertThat(answer.status()).as(answer.errors()).isIn(204, 500);
    next.http().must("sys/leases/revoke", revoke);
    assertThat(books.issuedWithoutClient()).isEmpty();
    assertThat(books.settled(Cluster.PATIENCE)).isEmpty();
    assertThat(books.leases("demo")).isEmpty();
  }

  @Test
  void a_revoke_that_the_server_was_to_make_is_made_again_by_the_next_leader() throws Exception {
    var former = cluster.leader();
    var lease = former.http().get("genesys/creds/demo").body();
    var revoke = Map.of("lease_id", lease.path("lease_id").asText(), "sync", false);

    var queued = endedMeanwhile(former, lease.path("data").path("client_id").asText(), revoke);
    assertThat(queued.get().status()).isEqualTo(202);
    former.suspend();
    try {
      var next = cluster.leaderAfter(former);
      var books = new Books(next.http(), cluster.genesys, "genesys");

      assertThat(books.settled(Cluster.PATIENCE)).isEmpty();
      assertThat(books.of("demo").empty()).isTrue();
    } finally {
      cluster.genesys.release();
      former.resume();
    }
  }

  /** Returns when Genesys has deleted the client of a lease, and has not said so yet. */
  private Future<VaultHttp.Answer> endedMeanwhile(
      Cluster.Node node, String client, Map<String, ?> revoke) throws Exception {
    cluster.genesys.hold("DELETE", "/api/v2/oauth/clients/" + client, "after");
    var answer = new CompletableFuture<VaultHttp.Answer>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            answer.complete(node.http().put("sys/leases/revoke", revoke));
          } catch (Exception e) {
            answer.completeExceptionally(e);
          }
        });
    cluster.genesys.awaitHeld();
    return answer;
  }
}
