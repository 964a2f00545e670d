package dev.genesysvault.e2e;

import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/** Everything of one build, running, with what a benchmark may ask of it. */
final class PerformanceStack implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  private static final String APART = "apart";
  private static final String EXTERNAL_KV = "external-kv";
  private static final String TELEMETRY =
      """
      telemetry {
        disable_hostname          = true
        prometheus_retention_time = "24h"
      }
      """;

  final Stack stack;
  private final PerformanceClient client;
  private final Deque<String> leases = new ConcurrentLinkedDeque<>();
  private final AtomicLong keys = new AtomicLong();

  private PerformanceStack(Stack stack) {
    this.stack = stack;
    this.client = new PerformanceClient(stack.vault.address(), stack.vault.rootToken());
  }

  /**
   * Starts one, with a mount that is ready, and KV engines of both versions beside it.
   *
   * @param build a folder with {@code dist/} and {@code plugin/}
   * @param folder where its processes write
   * @param kvPlugin an engine for {@link #externalKvList}
   */
  static PerformanceStack start(
      Path build, VaultServer.Storage storage, Path folder, Optional<Path> kvPlugin)
      throws Exception {
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.copy(build.resolve("plugin").resolve(Stack.PLUGIN), plugins.resolve(Stack.PLUGIN));
    var setup = new VaultServer.Setup(folder, plugins, "only", TELEMETRY, storage);
    var started = new PerformanceStack(Stack.startFrom(build.resolve("dist"), setup));
    try {
      started.furnish();
      if (kvPlugin.isPresent()) {
        started.mountExternalKv(Files.copy(kvPlugin.get(), plugins.resolve(EXTERNAL_KV)));
      }
      return started;
    } catch (Exception | AssertionError e) {
      started.close();
      throw e;
    }
  }

  private void furnish() throws Exception {
    stack.mountReady("genesys");
    stack.http.must(
        "genesys/roles/" + APART,
        Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", "1h"));
    stack.http.must(
        "genesys/static-roles/steady",
        Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "rotation_period", "30d"));
    stack.http.must("sys/mounts/kv1", Map.of("type", "kv", "options", Map.of("version", "1")));
    stack.http.must("kv1/steady", Map.of("client_id", "id", "client_secret", SECRET));
    stack.http.must("sys/mounts/kv", Map.of("type", "kv", "options", Map.of("version", "2")));
    // For a moment it tells that it is being upgraded.
    Eventually.is("KV takes writes", PATIENCE, this::kvWrite);
  }

  private void mountExternalKv(Path plugin) throws Exception {
    stack.http.must(
        "sys/plugins/catalog/secret/" + EXTERNAL_KV,
        Map.of("sha256", Stack.sha256(plugin), "command", EXTERNAL_KV));
    stack.http.must("sys/mounts/external", Map.of("type", EXTERNAL_KV));
    stack.http.must("external/steady", Map.of("client_id", "id", "client_secret", SECRET));
  }

  /** Has Genesys answer that much later. */
  void delayGenesys(Duration delay) throws Exception {
    stack.genesys.clearFaults();
    if (delay.isPositive()) {
      stack.genesys.arm(Map.of("delay_ms", (int) delay.toMillis(), "count", Integer.MAX_VALUE));
    }
  }

  /** Writes a new secret of about a credential's size: two writes to storage. */
  boolean kvWrite() throws Exception {
    long key = keys.incrementAndGet();
    var _ =
        client.send(
            "POST",
            "kv/data/" + key,
            "{\"data\":{\"client_id\":\"" + key + "\",\"client_secret\":\"" + SECRET + "\"}}");
    return true;
  }

  /** Reads a secret of the engine that is all of Vault's process. */
  boolean kv1Read() throws Exception {
    var _ = client.send("GET", "kv1/steady", "");
    return true;
  }

  /**
   * Lists the one secret of the engine that is a plugin in a process of its own. Not reads it: of a
   * mount that is not of the type KV, Vault writes a lease with each read.
   */
  boolean externalKvList() throws Exception {
    var _ = client.send("GET", "external/?list=true", "");
    return true;
  }

  /** Issues a credential, and keeps its lease. */
  boolean issue() throws Exception {
    leases.addLast(leaseOf(client.send("GET", "genesys/creds/demo", "")));
    return true;
  }

  /** Renews the lease that was not renewed for longest, if there is one. */
  boolean renew() throws Exception {
    var lease = leases.pollFirst();
    if (lease == null) {
      return false;
    }
    var _ = client.send("PUT", "sys/leases/renew", "{\"lease_id\":\"" + lease + "\"}");
    leases.addLast(lease);
    return true;
  }

  /** Revokes a lease, if there is one, and returns once that is done. */
  boolean revoke() throws Exception {
    var lease = leases.pollFirst();
    if (lease == null) {
      return false;
    }
    var _ =
        client.send("PUT", "sys/leases/revoke", "{\"lease_id\":\"" + lease + "\",\"sync\":true}");
    return true;
  }

  /** Issues a credential that {@link #revokeApart} ends. */
  boolean issueApart() throws Exception {
    var _ = client.send("GET", "genesys/creds/" + APART, "");
    return true;
  }

  /**
   * Ends what {@link #issueApart} issued, and returns once no such lease is left.
   *
   * @param queued whether Vault answers before it has revoked, and then works on several at a time
   */
  void revokeApart(boolean queued) throws Exception {
    var path = "sys/leases/revoke-prefix/genesys/creds/" + APART;
    var _ = client.send("PUT", path, "{\"sync\":" + !queued + "}");
    if (queued) {
      var left = "sys/leases/lookup/genesys/creds/" + APART;
      Eventually.is("no lease is left", PATIENCE, () -> stack.http.list(left).isEmpty());
    }
  }

  /** Reads the credential of a static role. */
  boolean staticCredential() throws Exception {
    var _ = client.send("GET", "genesys/static-creds/steady", "");
    return true;
  }

  /** Returns how many leases there are to renew and to revoke. */
  int leases() {
    return leases.size();
  }

  /** Waits until nothing is done behind the revokes that were answered. */
  void settle() throws Exception {
    Eventually.is(
        "what was revoked is deleted",
        PATIENCE,
        () -> {
          var queues = stack.http.data("genesys/status").path("queues");
          return queues.path("to_deactivate").asInt() == 0 && queues.path("to_delete").asInt() == 0;
        });
  }

  /** Something that costs. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** Returns what work costs here, but for what asking for it does. */
  PerformanceCost costOf(Work work) throws Exception {
    double operations = storageOperations();
    var before = spent();
    work.run();
    var cost = spent().minus(before);
    return cost.withStorage(storageOperations() - operations);
  }

  private PerformanceCost spent() {
    double vault = 0;
    double plugins = 0;
    var processes = stack.vault.processes();
    for (var process : processes) {
      if (process.equals(processes.getFirst())) {
        vault += microseconds(process);
      } else {
        plugins += microseconds(process);
      }
    }
    return new PerformanceCost(
        vault,
        plugins,
        microseconds(ProcessHandle.of(stack.sidecarPid()).orElseThrow()),
        microseconds(ProcessHandle.current()),
        0);
  }

  private static double microseconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e3;
  }

  private double storageOperations() throws Exception {
    var counters = client.send("GET", "sys/metrics?format=prometheus", "");
    double sum = 0;
    for (var operation : new String[] {"get", "put", "delete", "list"}) {
      var name = "vault_barrier_" + operation + "_count ";
      sum +=
          counters
              .lines()
              .filter(line -> line.startsWith(name))
              .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
              .sum();
    }
    return sum;
  }

  /** Finds the lease in an answer without reading the rest. */
  static String leaseOf(String answer) {
    var member = "\"lease_id\":\"";
    int begin = answer.indexOf(member) + member.length();
    return answer.substring(begin, answer.indexOf('"', begin));
  }

  @Override
  public void close() {
    stack.close();
  }
}
