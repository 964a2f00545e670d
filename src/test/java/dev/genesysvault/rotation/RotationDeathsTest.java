package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What rotations do whose process died in the midst of a step before. */
final class RotationDeathsTest {
  private final RotationHarness it = new RotationHarness();

  RotationDeathsTest() throws InterruptedException {}

  private void dieAt(String call) {
    it.genesys.doAt(
        call,
        () -> {
          throw new OutOfMemoryError("for the test");
        });
  }

  private boolean made(String role) throws InterruptedException {
    return it.credentials.get(role).orElseThrow().current() != null;
  }

  @Test
  void a_role_it_died_of_waits_while_others_are_rotated() throws Exception {
    it.defined("a");
    it.defined("b");
    dieAt("create");
    it.rotateToItsDeath();
    it.rotateFor(Duration.ofMillis(500));

    assertThat(it.genesys.held()).hasSize(1);
    it.rotateFor(Duration.ofMinutes(3));
    assertThat(made("a")).isTrue();
    assertThat(made("b")).isTrue();
  }

  @Test
  void who_waits_for_it_reads_why() throws Exception {
    it.defined("a");
    dieAt("create");
    it.rotateToItsDeath();
    it.rotateFor(Duration.ofMillis(500));

    assertThat(it.events.sent().toString())
        .contains("the sidecar ended in the midst of this step: it is tried again");
  }
}
