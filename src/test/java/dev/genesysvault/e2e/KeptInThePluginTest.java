package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.SimulatedOrganization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the plugin keeps in memory of a mount's storage, and when it forgets. Each test changes a
 * role where the plugin does not see it: with {@code sys/raw}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeptInThePluginTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MOUNT = "genesys";
  private static final int STORED = 3600;
  private static final int KEPT = 7200;

  private final Stack stack;
  private String raw = "";
  private String stored = "";

  KeptInThePluginTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady(MOUNT);
    var uuid = stack.http.data("sys/mounts/" + MOUNT).path("uuid").asText();
    raw = "sys/raw/logical/%s/roles/demo".formatted(uuid);
    stored = stack.http.data(raw).path("value").asText();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  private int ttl(String mount) throws Exception {
    return stack.http.data(mount + "/roles/demo").path("ttl").asInt();
  }

  /** Has the plugin keep another role than storage has, once it keeps anything. */
  private void keepAnother() throws Exception {
    Eventually.is(
        "the plugin keeps what it wrote",
        PATIENCE,
        () -> {
          stack.http.must(
              MOUNT + "/roles/demo",
              Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", KEPT));
          stack.http.must(raw, Map.of("value", stored));
          return ttl(MOUNT) == KEPT;
        });
  }

  @Test
  void what_changes_behind_vaults_back_is_seen_when_the_plugin_is_reloaded() throws Exception {
    keepAnother();

    stack.reloadPlugin();

    assertThat(ttl(MOUNT)).isEqualTo(STORED);
  }

  @Test
  void what_changes_behind_vaults_back_is_seen_after_a_seal() throws Exception {
    keepAnother();

    stack.http.must("sys/seal", Map.of());
    stack.vault.unseal();

    assertThat(ttl(MOUNT)).isEqualTo(STORED);
  }

  @Test
  void a_plugin_that_was_killed_has_kept_nothing() throws Exception {
    keepAnother();

    stack.vault.killPlugins();

    Eventually.is("another plugin answers", PATIENCE, () -> ttl(MOUNT) == STORED);
  }

  @Test
  void a_snapshot_that_is_restored_while_the_leader_lives_is_what_requests_read() throws Exception {
    keepAnother();
    var snapshot = stack.http.snapshot();

    stack.http.restore(snapshot);

    Eventually.is("the role is that of the snapshot", PATIENCE, () -> ttl(MOUNT) == STORED);
  }

  @Test
  void a_mount_that_was_moved_reads_its_storage_anew() throws Exception {
    keepAnother();

    move(MOUNT, "moved");

    Eventually.is("it is read at its new path", PATIENCE, () -> ttl("moved") == STORED);
    move("moved", MOUNT);
    Eventually.is("it is back", PATIENCE, () -> ttl(MOUNT) == STORED);
  }

  private void move(String from, String to) throws Exception {
    stack.http.must("sys/remount", Map.of("from", from, "to", to));
  }
}
