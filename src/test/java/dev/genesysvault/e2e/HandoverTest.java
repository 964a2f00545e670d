package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How a mount changes hands, and how it goes, while the sidecar hangs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HandoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Vault gives the whole of it ninety seconds. */
  private static final Duration LONGEST_END = Duration.ofSeconds(90);

  private final Stack stack;

  HandoverTest(@TempDir Path folder) throws Exception {
    stack = Stack.start(folder);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_reload_of_the_plugin_does_not_wait_for_a_sidecar_that_hangs() throws Exception {
    awaitSession();
    stack.suspendSidecar();
    try {
      var took =
          lasting(
              () -> stack.http.must("sys/plugins/reload/backend", Map.of("plugin", Stack.PLUGIN)));

      assertThat(took).isLessThan(SOON);
    } finally {
      stack.resumeSidecar();
    }
    awaitSession();
  }

  @Test
  void a_mount_is_disabled_in_the_time_of_a_request_although_the_sidecar_hangs() throws Exception {
    stack.http.must("sys/mounts/second", Map.of("type", Stack.PLUGIN));
    awaitSession();
    stack.suspendSidecar();
    try {
      var disabled = stack.disableMeanwhile("second");
      // Nobody else has to wait for it.
      assertThat(lasting(() -> stack.http.get("sys/mounts"))).isLessThan(SOON);

      assertThat(lasting(disabled::get)).isLessThan(LONGEST_END);
      assertThat(disabled.get()).isEqualTo(204);
    } finally {
      stack.resumeSidecar();
    }
    awaitSession();
  }

  @Test
  void a_leader_that_steps_down_closes_the_session_and_the_next_opens_it_again() throws Exception {
    awaitSession();
    long opened = sessionsOpened();

    assertThat(lasting(() -> stack.http.must("sys/step-down", Map.of()))).isLessThan(SOON);

    // The only node leads again after a while; nobody asks the mount for anything meanwhile.
    Eventually.is("a session is open again", PATIENCE, () -> sessionsOpened() > opened);
    awaitSession();
    assertThat(stack.http.get("genesys/creds/demo").status()).isEqualTo(200);
  }

  private static Duration lasting(Callable<?> work) throws Exception {
    long begun = System.nanoTime();
    var _ = work.call();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private void awaitSession() throws Exception {
    Eventually.is(
        "the session is open",
        PATIENCE,
        () -> {
          var status = stack.http.data("genesys/status");
          return status.path("session").asBoolean()
              && status.path("queues").path("loaded").asBoolean();
        });
  }

  private long sessionsOpened() throws Exception {
    return stack.logs().lines().filter(line -> line.contains("has read the records")).count();
  }
}
