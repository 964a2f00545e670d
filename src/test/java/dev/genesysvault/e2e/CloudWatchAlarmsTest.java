package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The template of alarms, as CloudFormation and CloudWatch take it, beside a sidecar that works and
 * puts what the alarms look at.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class CloudWatchAlarmsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void each_alarm_is_taken_and_looks_at_what_the_sidecar_puts(@TempDir Path folder)
      throws Exception {
    int management = VaultServer.freePort();
    try (var moto = MotoServer.start(folder);
        var cloudWatch = new CloudWatchFront(moto.address());
        var stack =
            Stack.startIn(
                cloudWatch.environment(),
                folder,
                "--management-address=127.0.0.1:" + management,
                "--enable=cloudwatch",
                "--metrics-cloudwatch-namespace=Genesys/Vault",
                "--metrics-push-interval=10s")) {
      stack.mountReady("genesys");
      var roles = new SteadyRoles(stack);
      var _ = roles.clientId(roles.written());
      var _ = stack.client.logical().read("genesys/creds/demo");
      OperationsTests.awaitCounted(management, PATIENCE);
      cloudWatch.awaitPushes(PATIENCE);

      var output =
          OperationsTests.run(
              folder, "test_cloudwatch", Map.of("SIDECAR_CLOUDWATCH", moto.address()));

      assertThat(output).contains("OK").contains("alarms").doesNotContain("skipped");
    }
  }
}
