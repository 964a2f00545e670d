package dev.genesysvault.e2e;

import dev.genesysvault.testing.SimulatedOrganization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes on in a cluster while something happens to it: leases are issued, renewed and revoked,
 * and a static role is rotated whose readers log in all the while. Then its books are compared.
 */
final class ClusterLoad implements AutoCloseable {
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(90);
  private static final long PAUSE_MILLIS = 300;
  private static final String LEASED = "demo";

  private final Cluster cluster;
  private final String role;
  private final List<SteadyApplication> readers = new ArrayList<>();
  private final PatientClient leases;
  private final Thread worker;
  private final List<Map<String, String>> held = new ArrayList<>();
  private final List<Map<String, String>> revoked = new ArrayList<>();

  /** Leases of earlier loads, and those whose ids came to this one. */
  private final Set<String> told = new HashSet<>();

  /** Records that earlier loads have left without a client. */
  private final Set<String> leftBefore;

  private final List<String> refused = new ArrayList<>();
  private int issued;
  private volatile boolean closed;

  /**
   * Begins.
   *
   * @param role a name that no static role has yet
   */
  ClusterLoad(Cluster cluster, String role) throws Exception {
    this.cluster = cluster;
    this.role = role;
    cluster
        .leader()
        .http()
        .must(
            "genesys/static-roles/" + role,
            Map.of(
                "role_divisions", SimulatedOrganization.HELD_PAIR,
                "rotation_period", "9s",
                "grace_period", "4s",
                "stagger", "0s"));
    for (var node : cluster.nodes()) {
      var client = new PatientClient(cluster, node.id());
      readers.add(
          new SteadyApplication(() -> client.get("genesys/static-creds/" + role), cluster::logsIn));
    }
    var books = books(cluster.leader());
    this.told.addAll(books.leases(LEASED));
    this.leftBefore = Set.copyOf(books.issuedWithoutClient().keySet());
    this.leases = new PatientClient(cluster, cluster.nodes().getLast().id());
    this.worker = Thread.ofVirtual().name("leases").start(this::work);
  }

  /** What happens to a cluster. */
  @FunctionalInterface
  interface Accident {
    void happen(Cluster.Node leader) throws Exception;
  }

  /** Has something happen under load, between two rotations, and prints what came of it. */
  static Outcome during(Cluster cluster, String what, Accident accident) throws Exception {
    try (var load = new ClusterLoad(cluster, what.replaceAll("[^a-z0-9]+", "-"))) {
      load.awaitRotations(1);
      accident.happen(cluster.leader());
      load.awaitRotations(2);

      var outcome = load.end();
      outcome.print(what);
      return outcome;
    }
  }

  private Books books(Cluster.Node node) throws IOException, InterruptedException {
    return new Books(node.http(), cluster.genesys, "genesys");
  }

  private void work() {
    try {
      for (int i = 0; !closed; i++) {
        lease(i);
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** Every credential is used; every second one is renewed, and every third one revoked. */
  private void lease(int i) throws InterruptedException {
    var answer = leases.get("genesys/creds/" + LEASED);
    if (answer.status() != 200) {
      note("creds: %d %s".formatted(answer.status(), answer.errors()));
      return;
    }
    var lease = answer.body().path("lease_id").asText();
    var credential = VaultHttp.credential(answer.body().path("data"));
    synchronized (this) {
      issued++;
      told.add(lease);
    }
    if (i % 2 == 0) {
      var renewed = leases.put("sys/leases/renew", Map.of("lease_id", lease, "increment", 1_800));
      if (renewed.status() != 200) {
        note("renew: %d %s".formatted(renewed.status(), renewed.errors()));
      }
    }
    if (i % 3 == 0) {
      var ended = leases.put("sys/leases/revoke", Map.of("lease_id", lease, "sync", true));
      if (ended.status() / 100 != 2) {
        note("revoke: %d %s".formatted(ended.status(), ended.errors()));
      }
      synchronized (this) {
        revoked.add(credential);
      }
    } else {
      synchronized (this) {
        held.add(credential);
      }
    }
  }

  private synchronized void note(String problem) {
    refused.add(problem);
  }

  /** Returns how often the static role has been rotated, as its readers see it. */
  int rotations() {
    return readers.stream().mapToInt(SteadyApplication::clients).min().orElse(0) - 1;
  }

  /** Waits until so many more rotations have come to every reader. */
  void awaitRotations(int more) throws Exception {
    int wanted = rotations() + more;
    Eventually.is(more + " more rotations", SETTLES_WITHIN, () -> rotations() >= wanted);
  }

  /**
   * What came of it.
   *
   * @param unanswered leases whose id came to nobody
   * @param lost credentials that do not log in although nobody ended them, and the other way round
   * @param orphaned clients without an owner, owners without a client
   * @param refused requests that got no answer for a minute, or another one than they should
   */
  record Outcome(
      int issued,
      int unanswered,
      List<String> lost,
      List<String> orphaned,
      List<String> failedLogIns,
      List<String> refused,
      int rotations,
      Duration longestWait) {
    /** Returns one line for each thing that should not be. */
    List<String> faults() {
      return Stream.of(lost, orphaned, failedLogIns, refused).flatMap(List::stream).toList();
    }

    /** Prints a row of the table that {@code src/test/accidents} gathers. */
    void print(String accident) throws IOException, InterruptedException {
      System.out.printf(
          "cluster | %-7s | %-52s | %6d | %10d | %4d | %8d | %14d | %9d | %8.1f s%n",
          ServerKind.current(),
          accident,
          issued,
          unanswered,
          lost.size(),
          orphaned.size(),
          failedLogIns.size(),
          rotations,
          longestWait.toMillis() / 1_000.0);
    }
  }

  /** Ends it, lets everything settle, and compares. */
  Outcome end() throws Exception {
    closed = true;
    worker.join();
    int rotations = rotations();
    readers.forEach(SteadyApplication::close);
    var leader = cluster.leader();
    cluster.awaitSession(leader);
    // Books that are read while it is rotated may never agree.
    leader.http().must("genesys/static-roles/" + role, Map.of("rotation_period", "30d"));
    var books = books(leader);
    int unanswered = endUnanswered(leader.http(), books);
    var orphaned = books.settled(SETTLES_WITHIN);
    var lost = new ArrayList<String>();
    for (var credential : held) {
      if (!cluster.logsIn(credential)) {
        lost.add("does not log in: " + credential.get("client_id"));
      }
    }
    for (var credential : revoked) {
      if (cluster.logsIn(credential)) {
        lost.add("is revoked and logs in: " + credential.get("client_id"));
      }
    }
    var longest =
        Stream.concat(
                readers.stream().map(SteadyApplication::longestWait),
                Stream.of(leases.longestWait()))
            .max(Duration::compareTo)
            .orElseThrow();
    cluster.leader().http().delete("genesys/static-roles/" + role);
    var failed = readers.stream().flatMap(reader -> reader.failures().stream()).toList();
    return new Outcome(
        issued, unanswered, lost, orphaned, failed, List.copyOf(refused), rotations, longest);
  }

  /**
   * Revokes the leases whose id came to nobody, and returns how many there were, with or without a
   * lease: a node that was deposed in the midst of an issue ends its client, as one that it cannot
   * register, and can no longer remove the lease, if that was there, and the record. They stay
   * until the lease's end, or the record's deadline.
   */
  private int endUnanswered(VaultHttp leader, Books books)
      throws IOException, InterruptedException {
    int unanswered = 0;
    for (var lease : books.leases(LEASED)) {
      if (!told.contains(lease)) {
        unanswered++;
        leader.must("sys/leases/revoke", Map.of("lease_id", lease, "sync", true));
      }
    }
    var left = books.issuedWithoutClient();
    left.values().removeAll(toldClients());
    books.excuse(left.keySet());
    left.keySet().removeAll(leftBefore);
    return unanswered + left.size();
  }

  private Set<String> toldClients() {
    return Stream.concat(held.stream(), revoked.stream())
        .map(credential -> credential.getOrDefault("client_id", ""))
        .collect(Collectors.toSet());
  }

  /** Ends it where it has not ended; its static role stays. */
  @Override
  public void close() {
    closed = true;
    worker.interrupt();
    readers.forEach(SteadyApplication::close);
  }
}
