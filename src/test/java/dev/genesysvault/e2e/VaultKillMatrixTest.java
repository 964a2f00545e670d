package dev.genesysvault.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of leases and their clients when Vault is killed, at each step. */
final class VaultKillMatrixTest extends KillMatrix {
  VaultKillMatrixTest(@TempDir Path folder) throws Exception {
    super(Victim.VAULT, folder);
  }
}
