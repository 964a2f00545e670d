package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.testing.Exposition;
import dev.genesysvault.testing.Scraper;
import io.github.jopenlibs.vault.VaultException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads of the metrics while a real Vault issues, revokes and rotates. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ISSUES = "path=creds/name";

  private final Stack stack;
  private final Scraper scraper;

  MetricsTest(@TempDir Path folder) throws Exception {
    int port = VaultServer.freePort();
    var flags = new ArrayList<>(SidecarProcess.HASTY);
    flags.add("--management-address=127.0.0.1:" + port);
    flags.add("--metrics-role-label");
    stack = Stack.start(folder, flags.toArray(String[]::new));
    scraper = new Scraper(port);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterAll
  void stop() {
    scraper.close();
    stack.close();
  }

  /** Scrapes until something has grown by so much since a scrape before. */
  private void awaitMore(Exposition before, double by, String name, String... labels)
      throws Exception {
    Eventually.is(
        "%s %s has grown by %s".formatted(name, List.of(labels), by),
        PATIENCE,
        () -> scraper.scrape().sum(name, labels) == before.sum(name, labels) + by);
  }

  private void awaitValue(double value, String name, String... labels) throws Exception {
    Eventually.is(
        "%s %s is %s".formatted(name, List.of(labels), value),
        PATIENCE,
        () ->
            !scraper.scrape().family(name).isEmpty()
                && scraper.scrape().sum(name, labels) == value);
  }

  @Test
  void an_issue_and_its_revoke_are_read() throws Exception {
    awaitValue(1, "genesys_vault_session_loaded", "mount=genesys/");
    var before = scraper.scrape();

    var lease = stack.client.logical().read("genesys/creds/demo");

    awaitMore(before, 1, "genesys_vault_requests_total", ISSUES, "result=ok");
    awaitMore(before, 1, "genesys_vault_request_duration_seconds_count", ISSUES);
    awaitMore(before, 1, "genesys_vault_role_requests_total", ISSUES, "role=demo", "result=ok");
    awaitMore(before, 1, "genesys_vault_clients", "state=issued");
    assertThat(scraper.text())
        .doesNotContain(lease.getData().get("client_secret"))
        .doesNotContain(lease.getData().get("client_id"));

    stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));

    awaitMore(
        before, 1, "genesys_vault_requests_total", "path=lease", "operation=revoke", "result=ok");
    awaitMore(before, 0, "genesys_vault_clients", "state=issued");
  }

  @Test
  void what_genesys_refuses_is_read_with_its_status() throws Exception {
    var before = scraper.scrape();
    stack.genesys.arm(
        Map.of("method", "POST", "path", "/api/v2/oauth/clients", "status", 403, "count", 1));

    assertThatThrownBy(() -> stack.client.logical().read("genesys/creds/demo"))
        .isInstanceOf(VaultException.class);

    awaitMore(
        before,
        1,
        "genesys_vault_genesys_calls_total",
        "call=POST /api/v2/oauth/clients",
        "status=403");
    awaitMore(before, 1, "genesys_vault_requests_total", ISSUES, "result=genesys_failed");
  }

  @Test
  void a_rotation_and_a_mount_that_is_disabled_are_read() throws Exception {
    var mount = FurnishedMount.at("second", stack, "deferred", FurnishedMount.STEADY);
    awaitValue(1, "genesys_vault_static_roles", "mount=second/");
    var name = "genesys_vault_static_roles_last_rotation_timestamp_seconds";
    double first = scraper.scrape().sum(name, "mount=second/");

    var former = mount.credential(FurnishedMount.STEADY);
    stack.http.must("second/rotate-role/" + FurnishedMount.STEADY, Map.of());
    mount.awaitSuccessor(FurnishedMount.STEADY, former);

    Eventually.is(
        "the rotation is read",
        PATIENCE,
        () -> scraper.scrape().sum(name, "mount=second/") > first);
    assertThat(
            scraper
                .scrape()
                .sum(
                    "genesys_vault_static_role_last_rotation_timestamp_seconds",
                    "mount=second/",
                    "role=" + FurnishedMount.STEADY))
        .isGreaterThan(first);

    mount.clearAway();

    Eventually.is(
        "nothing of the mount's clients is read any more",
        PATIENCE,
        () ->
            !scraper.scrape().values("genesys_vault_clients", "mount").contains("second/")
                && !scraper
                    .scrape()
                    .values("genesys_vault_static_roles", "mount")
                    .contains("second/"));
  }
}
