package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.jopenlibs.vault.VaultException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of every panel of the dashboard, asked of a real Prometheus under load and with the
 * faults that the panels are there for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DashboardTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Path DASHBOARD = Path.of("operations/grafana/genesys-vault.json");
  private static final String CLIENTS = "/api/v2/oauth/clients";
  private static final String CLIENT = CLIENTS + "/{clientId}";

  private static final long LOAD_MILLIS = 100;

  private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
  private final Instant begun = Instant.now();
  private final PrometheusServer prometheus;
  private final Stack stack;
  private final List<Query> queries;

  DashboardTest(@TempDir Path folder) throws Exception {
    queries = queries();
    int management = VaultServer.freePort();
    prometheus = PrometheusServer.start(folder, management, VaultServer.freePort());
    var flags = new ArrayList<>(SidecarProcess.HASTY);
    flags.add("--management-address=127.0.0.1:" + management);
    flags.add("--overdue-after=2s");
    stack = Stack.start(folder, flags.toArray(String[]::new));
  }

  /** One query of a panel, as Grafana would ask it for all mounts and sidecars. */
  private record Query(String panel, String text) {}

  private static List<Query> queries() throws IOException {
    var found = new ArrayList<Query>();
    for (var panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
      for (var target : panel.path("targets")) {
        var text =
            target
                .path("expr")
                .asText()
                .replace("$mount", ".*")
                .replace("$instance", ".*")
                .replace("$__rate_interval", "10s");
        assertThat(text).doesNotContain("$");
        found.add(new Query(panel.path("title").asText(), text));
      }
    }
    return found;
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    stack.mountReady("strict");
    stack.http.must("strict/config", Map.of("revocation", "strict"));
  }

  @AfterAll
  void stop() {
    load.shutdownNow();
    stack.close();
    prometheus.close();
  }

  /** Waits until a query of a panel has more than 0 in a series with that in its labels. */
  private void awaitShown(String panel, String label) throws Exception {
    var asked = queries.stream().filter(query -> query.panel.equals(panel)).toList();
    assertThat(asked).as(panel).isNotEmpty();
    Eventually.is(
        "the panel '%s' shows %s".formatted(panel, label),
        PATIENCE,
        () -> {
          for (var query : asked) {
            for (var series : prometheus.query(query.text)) {
              if (series.path("metric").toString().contains(label)
                  && series.path("value").path(1).asDouble() > 0) {
                return true;
              }
            }
          }
          return false;
        });
  }

  @Test
  void each_panel_shows_the_load_and_the_fault_that_it_is_for() throws Exception {
    var roles = new SteadyRoles(stack);
    var role = roles.written("rotation_period", "10s", "grace_period", "2s", "stagger", "0s");
    var first = roles.clientId(role);
    Eventually.is("it is rotated", PATIENCE, () -> !roles.clientId(role).equals(first));
    var kept = issue();
    var strict = stack.client.logical().read("strict/creds/demo").getLeaseId();
    var journaled = issue();
    var _ =
        load.scheduleWithFixedDelay(this::issueAndRevoke, 0, LOAD_MILLIS, TimeUnit.MILLISECONDS);
    awaitShown("Requests for credentials", "ok");
    awaitShown("Time of requests for credentials", "creds/name");
    awaitShown("Time of calls", CLIENTS);
    awaitShown("Time of storage", "put");
    awaitShown("Clients by state", "issued");
    awaitShown("Time in garbage collections", "");

    stack.genesys.turn(Map.of("grant_propagation_seconds", 9_999));
    awaitShown("Rotations overdue", "");
    awaitShown("Static roles in trouble", "");
    awaitShown("Alarms that stand", "critical");
    stack.http.must("genesys/static-roles/" + role, Map.of("rotation_period", "30d"));

    stack.genesys.arm(Map.of("path", CLIENT, "status", 503, "count", Integer.MAX_VALUE));
    var _ = stack.http.put("sys/leases/revoke", Map.of("lease_id", strict, "sync", true));
    awaitShown("Calls made once more", "unavailable");

    stack.genesys.goDown();
    revoke(kept);
    awaitShown("Requests for credentials", "genesys_");
    awaitShown("Clients that may log in", "");
    awaitShown("Genesys has failed for", "genesys/");
    awaitShown("How long the oldest has waited", "");
    awaitShown("Calls", "5xx");
    awaitShown("Pauses", "");
    stack.genesys.clearFaults();

    stack.genesys.arm(Map.of("status", 429, "retry_after", "8", "count", Integer.MAX_VALUE));
    awaitShown("Calls", "429");
    awaitShown("Calls turned away", "issue");
    stack.genesys.clearFaults();

    stack.killSidecar();
    revoke(journaled);
    stack.startSidecar();
    stack.awaitSidecar();
    awaitShown("Sidecars that answer", "");
    awaitShown("Sessions", "genesys/");
    // Those of the load are gone as soon as they are there.
    var _ = issue();
    awaitShown("Clients by state", "issued");

    var silent = new TreeSet<String>();
    for (var query : queries) {
      var series = prometheus.queryRange(query.text, begun);
      if (series.isEmpty()) {
        silent.add(query.panel + ": " + query.text);
      }
    }
    System.out.printf("%d queries were asked%n", queries.size());
    assertThat(silent).isEmpty();
  }

  private String issue() throws VaultException {
    return stack.client.logical().read("genesys/creds/demo").getLeaseId();
  }

  /** What applications do all the time, whatever comes of it. */
  private void issueAndRevoke() {
    try {
      revoke(issue());
    } catch (Exception _) {
      // Of which the panels tell.
    }
  }

  private void revoke(String lease) throws Exception {
    stack.http.must("sys/leases/revoke", Map.of("lease_id", lease));
  }
}
