package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.alarm.AlarmKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What stands still reaches a receiver by way of a real Prometheus and a real Alertmanager. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PrometheusAlertsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AlertmanagerServer alertmanager;
  private final PrometheusServer prometheus;
  private final Stack stack;

  PrometheusAlertsTest(@TempDir Path folder) throws Exception {
    int management = VaultServer.freePort();
    alertmanager = AlertmanagerServer.start(folder);
    prometheus = PrometheusServer.start(folder, management, alertmanager.port());
    var flags = new ArrayList<>(SidecarProcess.HASTY);
    flags.add("--management-address=127.0.0.1:" + management);
    flags.add("--overdue-after=2s");
    stack = Stack.start(folder, flags.toArray(String[]::new));
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    Eventually.is(
        "Prometheus knows the mount, and nothing fires",
        PATIENCE,
        () ->
            !prometheus.query("genesys_vault_session_open == 1").isEmpty()
                && prometheus.firing().isEmpty());
  }

  @AfterAll
  void stop() {
    stack.close();
    prometheus.close();
    alertmanager.close();
  }

  private void awaitTold(String name, String status) throws Exception {
    long begun = System.nanoTime();
    Eventually.is(
        "the receiver is told that %s is %s".formatted(name, status),
        PATIENCE,
        () -> alertmanager.lastTold(name, status));
    System.out.printf(
        "%s: %s after %.1f s%n", name, status, (System.nanoTime() - begun) / 1_000_000_000.0);
  }

  @Test
  void a_rotation_that_is_stopped_is_told_and_resolved() throws Exception {
    var roles = new SteadyRoles(stack);
    var role = roles.written("rotation_period", "10s", "grace_period", "2s", "stagger", "0s");
    stack.genesys.turn(Map.of("grant_propagation_seconds", 9_999));

    awaitTold("GenesysVaultRotationOverdue", "firing");

    var told = alertmanager.told("GenesysVaultRotationOverdue").getFirst();
    assertThat(told.labels().path("mount").asText()).isEqualTo("genesys/");
    assertThat(told.labels().path("severity").asText()).isEqualTo("critical");
    assertThat(told.annotations().path("summary").asText())
        .isEqualTo("genesys/: " + AlarmKind.ROTATION_OVERDUE.meaning());
    Eventually.is(
        "what the sidecar measures says so as well",
        PATIENCE,
        () -> prometheus.firing().contains("GenesysVaultStaticRolesOverdue"));

    stack.http.must("genesys/static-roles/" + role, Map.of("rotation_period", "30d"));
    stack.genesys.turn(Map.of("grant_propagation_seconds", 0));

    awaitTold("GenesysVaultRotationOverdue", "resolved");
  }

  @Test
  void a_sidecar_that_is_gone_is_told_once_and_resolved() throws Exception {
    stack.killSidecar();

    awaitTold("GenesysVaultEverySidecarDown", "firing");
    Eventually.is(
        "its own alert fires as well",
        PATIENCE,
        () -> prometheus.firing().contains("GenesysVaultSidecarDown"));

    stack.startSidecar();

    awaitTold("GenesysVaultEverySidecarDown", "resolved");
    assertThat(alertmanager.told("GenesysVaultSidecarDown")).isEmpty();
  }

  @Test
  void a_vault_that_is_sealed_is_told_and_resolved() throws Exception {
    stack.http.must("sys/seal", Map.of());

    awaitTold("GenesysVaultSessionNotOpen", "firing");

    stack.vault.unseal();

    awaitTold("GenesysVaultSessionNotOpen", "resolved");
  }
}
