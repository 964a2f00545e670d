package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that knows each node of a cluster, or stands behind a load balancer that does: what is
 * refused, hangs, or is answered with 412, 429 or 5xx, it asks the next node, as Vault's own
 * clients ask again, for a minute.
 */
final class PatientClient {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ONE_TRY = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Cluster cluster;
  private final String home;
  private final AtomicLong longest = new AtomicLong();

  /**
   * Makes one.
   *
   * @param home the id of the node that it asks first
   */
  PatientClient(Cluster cluster, String home) {
    this.cluster = cluster;
    this.home = home;
  }

  /** One request to one node. */
  @FunctionalInterface
  private interface Request {
    VaultHttp.Answer send(VaultHttp node) throws IOException, InterruptedException;
  }

  VaultHttp.Answer get(String path) throws InterruptedException {
    return answered(node -> node.get(path));
  }

  VaultHttp.Answer put(String path, Map<String, ?> body) throws InterruptedException {
    return answered(node -> node.put(path, body));
  }

  /** Returns how long an answer took at the most. */
  Duration longestWait() {
    return Duration.ofNanos(longest.get());
  }

  private VaultHttp.Answer answered(Request request) throws InterruptedException {
    long begun = System.nanoTime();
    var last = new VaultHttp.Answer(0, JsonNodeFactory.instance.objectNode());
    while (System.nanoTime() - begun < PATIENCE.toNanos()) {
      for (var node : homeFirst()) {
        try {
          last = request.send(node.http().within(ONE_TRY));
          if (isFinal(last)) {
            long took = System.nanoTime() - begun;
            longest.accumulateAndGet(took, Math::max);
            return last;
          }
        } catch (IOException _) {
          // Refused, cut, or not answered: the next one.
        }
      }
      Thread.sleep(PAUSE);
    }
    longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
    return last;
  }

  /**
   * A node whose host hung does not know for a moment that another one leads, nor the leases that
   * were issued meanwhile. And whatever a renewal fails of, both servers call it a 400: who renews
   * asks again all the same.
   */
  private static boolean isFinal(VaultHttp.Answer answer) {
    return answer.status() < 500
        && answer.status() != 412
        && answer.status() != 429
        && !answer.errors().contains("lease not found")
        && !answer.errors().contains("failed to renew");
  }

  private List<Cluster.Node> homeFirst() {
    return cluster.nodes().stream()
        .sorted((a, b) -> Boolean.compare(b.id().equals(home), a.id().equals(home)))
        .toList();
  }
}
