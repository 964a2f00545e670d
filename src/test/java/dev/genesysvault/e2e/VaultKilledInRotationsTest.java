package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vault is killed while a static role is rotated: the rotation goes on where it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VaultKilledInRotationsTest {
  private final Stack stack;
  private final SteadyRoles roles;

  VaultKilledInRotationsTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
  }

  @AfterEach
  void heal() throws Exception {
    stack.genesys.clearFaults();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void a_grace_goes_on_when_vault_was_killed_in_it() throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "40s");
    var former = roles.credential(role);
    assertThat(roles.rotate(role).path("rotated").asBoolean()).isTrue();
    var present = roles.credential(role);

    stack.vault.kill();
    assertThat(stack.logsIn(former)).isTrue();
    stack.vault.startAgain();

    assertThat(roles.credential(role)).isEqualTo(present);
    assertThat(stack.logsIn(former)).isTrue();
    roles.awaitGone(former.getOrDefault("client_id", ""));
    assertThat(roles.credential(role)).isEqualTo(present);
    assertThat(stack.logsIn(present)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "creating, POST, /api/v2/oauth/clients",
    "created, GET, /api/v2/tokens/me",
    "retiring, PUT, /api/v2/oauth/clients/{clientId}"
  })
  void vault_may_be_killed_in_any_phase(String phase, String method, String path) throws Exception {
    var role = roles.written("rotation_period", "1h", "grace_period", "4s");
    var former = roles.credential(role);
    stack.genesys.hold(method, path, "after");
    var rotation = Thread.ofVirtual().start(() -> rotateWhileVaultDies(role));
    stack.genesys.awaitHeld();

    stack.vault.kill();
    stack.genesys.clearFaults();
    stack.vault.startAgain();
    rotation.join();

    Eventually.is(
        "it is rotated after a kill while " + phase,
        SteadyRoles.PATIENCE,
        () -> !roles.credential(role).equals(former));
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    roles.awaitGone(former.getOrDefault("client_id", ""));
    roles.awaitNothingElse(role);
  }

  private void rotateWhileVaultDies(String role) {
    try {
      var _ = stack.http.put("genesys/rotate-role/" + role, Map.of());
    } catch (Exception _) {
      // Vault dies while it is asked; the rotation was written down before.
    }
  }
}
