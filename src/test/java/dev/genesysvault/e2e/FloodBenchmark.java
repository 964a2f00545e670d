package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatedOrganization;
import io.github.jopenlibs.vault.response.LogicalResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What waits for how long while much else is to be done, at the 300 requests a minute that Genesys
 * allows: {@code mvn verify -Dit.test=FloodBenchmark -DskipUnitTests}; {@code -Dflood.readers=320
 * -Dflood.leases=1000 -Dflood.roles=1000 -Dflood.samples=60} for more of each. Not a test: it
 * prints, and fails only where something does not come about at all.
 */
final class FloodBenchmark {
  private static final int READERS = Integer.getInteger("flood.readers", 320);
  private static final int LEASES = Integer.getInteger("flood.leases", 300);
  private static final int ROLES = Integer.getInteger("flood.roles", 200);

  /** How many revokes, reads and emergencies are measured. */
  private static final int SAMPLES = Integer.getInteger("flood.samples", 20);

  private static final int CALLERS = 16;
  private static final int LIMIT = 300;
  private static final Duration WINDOW = Duration.ofSeconds(61);
  private static final Duration BETWEEN = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Work whose answer is of no interest. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  @Test
  @Timeout(1_800)
  void revokes_among_readers(@TempDir Path folder) throws Exception {
    try (var stack = Stack.start(folder)) {
      stack.mountReady("genesys");
      var leases = new ArrayList<LogicalResponse>();
      for (int i = 0; i < SAMPLES; i++) {
        leases.add(stack.client.logical().read("genesys/creds/demo"));
      }
      limit(stack);
      var reader = readerAlone(stack);
      var answers = new ConcurrentHashMap<Integer, AtomicInteger>();
      var over = new AtomicBoolean();
      try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < READERS; i++) {
          var _ = readers.submit(() -> readUntil(over, reader, answers));
        }
        Thread.sleep(BETWEEN);
        var took = new ArrayList<Duration>();
        for (var lease : leases) {
          long begun = System.nanoTime();
          var revoke = Map.of("lease_id", lease.getLeaseId(), "sync", true);
          stack.http.must("sys/leases/revoke", revoke);
          awaitDead(stack, lease.getData());
          took.add(since(begun));
          Thread.sleep(BETWEEN);
        }
        print("from a revoke to deactivated, among %d readers".formatted(READERS), took);
        over.set(true);
      }
      System.out.println("what the readers were answered, by status: " + answers);
    }
  }

  @Test
  @Timeout(1_800)
  void reads_among_ends(@TempDir Path folder) throws Exception {
    try (var stack = Stack.start(folder)) {
      stack.mountReady("genesys");
      atOnce(
          LEASES,
          i -> () -> assertThat(stack.http.get("genesys/creds/demo").status()).isEqualTo(200));
      limit(stack);

      long ended = System.nanoTime();
      stack.http.must("sys/leases/revoke-prefix/genesys/creds/demo", Map.of());
      var took = new ArrayList<Duration>();
      for (int i = 0; i < SAMPLES; i++) {
        Thread.sleep(BETWEEN);
        took.add(read(stack));
      }
      print("a read of creds, among %d leases that end at once".formatted(LEASES), took);
      var queues = queues(stack);
      System.out.printf(
          "%.0f s after their end: %s to deactivate, %s to delete%n",
          since(ended).toMillis() / 1e3, queues.path("to_deactivate"), queues.path("to_delete"));
      Eventually.is(
          "all are deactivated", PATIENCE, () -> queues(stack).path("to_deactivate").asInt() == 0);
      System.out.printf("all are deactivated after %.0f s%n", since(ended).toMillis() / 1e3);
    }
  }

  @Test
  @Timeout(1_800)
  void emergencies_among_rotations(@TempDir Path folder) throws Exception {
    try (var stack = Stack.start(folder, "--propagation-delay=1s")) {
      stack.mountReady("genesys");
      int emergencies = Math.max(1, SAMPLES / 4);
      var steady = new SteadyRoles(stack);
      var leaked = new ArrayList<String>();
      for (int i = 0; i < emergencies; i++) {
        leaked.add(steady.written());
      }
      atOnce(ROLES, i -> () -> stack.http.must("genesys/static-roles/mass-" + i, brief()));
      limit(stack);
      System.out.println("rotations when it begins: " + rotations(stack));

      var took = new ArrayList<Duration>();
      var answered = new ArrayList<Duration>();
      var reads = new ArrayList<Duration>();
      for (var role : leaked) {
        var credential = steady.credential(role);
        long begun = System.nanoTime();
        try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
          var answer = other.submit(() -> steady.rotate(role, "emergency", "force"));
          awaitDead(stack, credential);
          took.add(since(begun));
          System.out.println("an emergency was answered " + answer.get());
          answered.add(since(begun));
        }
        for (int i = 0; i < 4; i++) {
          Thread.sleep(BETWEEN);
          reads.add(read(stack));
        }
      }
      print("from an emergency to deactivated, among %d rotations".formatted(ROLES), took);
      print("from an emergency to its answer", answered);
      print("a read of creds beside", reads);
      System.out.println("rotations when it is over: " + rotations(stack));
    }
  }

  /** Has Genesys allow what it does, from a fresh minute on, and the sidecar know. */
  private static void limit(Stack stack) throws Exception {
    stack.genesys.turn(Map.of("rate_limit", LIMIT));
    Thread.sleep(WINDOW);
    // It may come too late in the minute before.
    Eventually.is("a read in the new minute", PATIENCE, () -> read(stack).toSeconds() < 5);
  }

  private static VaultHttp readerAlone(Stack stack) throws Exception {
    stack.http.must(
        "sys/policies/acl/reader",
        Map.of("policy", "path \"genesys/creds/demo\" { capabilities = [\"read\"] }"));
    var reader = new VaultHttp(stack.vault.address());
    reader.useToken(
        stack
            .http
            .must("auth/token/create", Map.of("policies", List.of("reader")))
            .path("auth")
            .path("client_token")
            .asText());
    return reader;
  }

  /** Reads again at once what it was given, and after a second what it was not. */
  private static Void readUntil(
      AtomicBoolean over, VaultHttp reader, Map<Integer, AtomicInteger> answers) throws Exception {
    while (!over.get()) {
      int status = reader.get("genesys/creds/demo").status();
      answers.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
      if (status != 200) {
        Thread.sleep(1_000);
      }
    }
    return null;
  }

  private static Duration read(Stack stack) throws Exception {
    long begun = System.nanoTime();
    var answer = stack.http.get("genesys/creds/demo");
    if (answer.status() != 200) {
      System.out.printf("a read was answered %d: %s%n", answer.status(), answer.errors());
    }
    return since(begun);
  }

  private static void awaitDead(Stack stack, Map<String, String> credential) throws Exception {
    Eventually.is("it logs in no more", PATIENCE, () -> !stack.logsIn(credential));
  }

  private static Map<String, Object> brief() {
    return Map.of(
        "role_divisions", SimulatedOrganization.HELD_PAIR,
        "rotation_period", "60s",
        "grace_period", "5s",
        "stagger", "0s");
  }

  /** Which of the pieces of work is done. */
  @FunctionalInterface
  private interface Piece {
    Work number(int i);
  }

  private static void atOnce(int count, Piece piece) throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var turns = new Semaphore(CALLERS);
      var all = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < count; i++) {
        var work = piece.number(i);
        all.add(() -> {
          turns.acquire();
          try {
            work.run();
            return true;
          } finally {
            turns.release();
          }
        });
      }
      for (var done : callers.invokeAll(all)) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  private static JsonNode queues(Stack stack) throws Exception {
    return stack.http.get("genesys/status").body().path("data").path("queues");
  }

  private static JsonNode rotations(Stack stack) throws Exception {
    return stack.http.get("genesys/status").body().path("data").path("static_roles");
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static void print(String what, List<Duration> took) {
    var sorted = took.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.2f s, p99 %.2f s, most %.2f s of %d%n",
        what,
        share(sorted, 0.5),
        share(sorted, 0.99),
        share(sorted, 1),
        sorted.size());
  }

  private static double share(List<Duration> sorted, double share) {
    int place = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, place)).toMillis() / 1e3;
  }
}
