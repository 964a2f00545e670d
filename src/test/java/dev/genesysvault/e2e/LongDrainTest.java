package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disabling a mount when Genesys stays away: Vault's last rollback uses up all its time. */
@Tag("long")
final class LongDrainTest {
  private static final Duration ROLLBACK = Duration.ofSeconds(90);

  @Test
  void what_a_disabled_mount_leaves_behind_is_named_in_vaults_log(@TempDir Path folder)
      throws Exception {
    try (var stack = Stack.start(folder)) {
      stack.mountReady("genesys");
      var books = new Books(stack, "genesys");
      var lease = stack.client.logical().read("genesys/creds/demo");
      stack.genesys.goDown();
      stack.http.must("sys/leases/revoke", Map.of("lease_id", lease.getLeaseId(), "sync", true));

      long begun = System.nanoTime();
      int status = stack.http.delete("sys/mounts/genesys").status();
      var took = Duration.ofNanos(System.nanoTime() - begun);

      System.out.printf("disabling answered %d after %d s%n", status, took.toSeconds());
      assertThat(took).isBetween(ROLLBACK.dividedBy(2), ROLLBACK.multipliedBy(2));
      var left = books.ownClients();
      assertThat(left).hasSize(1);
      assertThat(stack.vault.log())
          .contains("something is left")
          .contains(left.getFirst().id(), left.getFirst().name())
          .doesNotContain(lease.getData().getOrDefault("client_secret", "no secret"));
    }
  }
}
