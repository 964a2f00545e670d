package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Datadog's own check, with the configuration that is shipped, reads a sidecar that works. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DatadogTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final int management = VaultServer.freePort();
  private final Stack stack;

  DatadogTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    var flags = new ArrayList<>(SidecarProcess.HASTY);
    flags.add("--management-address=127.0.0.1:" + management);
    stack = Stack.start(folder, flags.toArray(String[]::new));
    stack.mountReady("genesys");
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void the_check_submits_what_the_monitors_ask_for() throws Exception {
    var roles = new SteadyRoles(stack);
    var _ = roles.clientId(roles.written());
    var _ = stack.client.logical().read("genesys/creds/demo");
    OperationsTests.awaitCounted(management, PATIENCE);

    var output =
        OperationsTests.run(
            folder,
            "test_datadog",
            Map.of("SIDECAR_METRICS", "http://127.0.0.1:%d/metrics".formatted(management)));

    System.out.println(output);
    assertThat(output).contains("OK").doesNotContain("skipped");
  }
}
