package dev.genesysvault.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of leases and their clients when the sidecar is killed, at each step. */
final class SidecarKillMatrixTest extends KillMatrix {
  SidecarKillMatrixTest(@TempDir Path folder) throws Exception {
    super(Victim.SIDECAR, folder);
  }
}
