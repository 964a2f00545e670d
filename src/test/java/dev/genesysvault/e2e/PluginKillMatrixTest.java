package dev.genesysvault.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of leases and their clients when the plugin is killed, at each step. */
final class PluginKillMatrixTest extends KillMatrix {
  PluginKillMatrixTest(@TempDir Path folder) throws Exception {
    super(Victim.PLUGIN, folder);
  }
}
