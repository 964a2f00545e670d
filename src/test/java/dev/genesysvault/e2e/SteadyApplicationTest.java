package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application goes on with a static credential while that is rotated, and processes die. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SteadyApplicationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROTATIONS = Integer.getInteger("rotations", 4);

  /** What decides what is killed when. */
  private static final long KILL_SEED = Long.getLong("kill.seed", System.nanoTime());

  private static final List<String> PROCESSES = List.of("sidecar", "plugin", "vault");

  private final Stack stack;
  private final SteadyRoles roles;

  SteadyApplicationTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterEach
  void heal() throws Exception {
    stack.ensureSidecar();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void an_application_that_reads_as_told_never_holds_a_dead_credential() throws Exception {
    var role = roles.written("rotation_period", "9s", "grace_period", "4s", "stagger", "0s");
    try (var application = new SteadyApplication(stack, "genesys/static-creds/" + role)) {
      Eventually.is(
          ROTATIONS + " rotations",
          Duration.ofSeconds(30L + 20L * ROTATIONS),
          () -> application.clients() > ROTATIONS);

      System.out.printf(
          "%d rotations, %d log-ins, %d reads, %d failures%n",
          application.clients() - 1,
          application.logIns(),
          application.reads(),
          application.failures().size());
      assertThat(application.failures()).isEmpty();
      assertThat(application.logIns()).isGreaterThan(10);
    }
    roles.delete(role);
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void an_application_does_not_notice_that_sidecar_plugin_and_vault_are_killed() throws Exception {
    System.out.printf("killed at random: -Dkill.seed=%d%n", KILL_SEED);
    var random = new Random(KILL_SEED);
    var period = Duration.ofSeconds(12);
    var kills = new TreeMap<String, Integer>();
    var role =
        roles.written("rotation_period", period.toSeconds(), "grace_period", "6s", "stagger", "0s");
    try (var application = new SteadyApplication(stack, "genesys/static-creds/" + role)) {
      for (int i = 0; i < ROTATIONS; i++) {
        // Any moment of a rotation and of the rest after it may be the one.
        Thread.sleep(random.nextLong(period.toMillis()));
        int before = application.clients();
        var process = PROCESSES.get(random.nextInt(PROCESSES.size()));
        kills.merge(process, 1, Integer::sum);
        kill(process);
        Eventually.is(
            "another rotation after the kill of " + process,
            PATIENCE,
            () -> application.clients() > before);
      }

      System.out.printf(
          "%d rotations under kills %s, %d log-ins, %d reads, %d failures%n",
          application.clients() - 1,
          kills,
          application.logIns(),
          application.reads(),
          application.failures().size());
      assertThat(application.failures()).isEmpty();
    }
    roles.delete(role);
  }

  private void kill(String process) throws Exception {
    switch (process) {
      case "sidecar" -> {
        stack.killSidecar();
        stack.startSidecar();
      }
      case "plugin" -> stack.vault.killPlugins();
      default -> {
        stack.vault.kill();
        stack.vault.startAgain();
      }
    }
  }
}
