package dev.genesysvault.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The scripts of {@code vault-dev-config}, with ports and a run folder of their own. */
final class DevScripts {
  private final Path run;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * Chooses free ports.
   *
   * @param run the run folder
   * @param ports the names by which the scripts know them
   */
  DevScripts(Path run, String... ports) throws Exception {
    this.run = run;
    set("GENESYS_VAULT_RUN", run.toString());
    set("VAULT_BINARY", ServerKind.binary());
    for (var port : ports) {
      set(port, String.valueOf(VaultServer.freePort()));
    }
  }

  /** What a script printed, and its exit status. */
  record Ended(int status, String output) {}

  void set(String name, String value) {
    environment.put(name, value);
  }

  Ended run(String script, String... arguments) throws Exception {
    var command =
        Stream.concat(Stream.of("vault-dev-config/" + script), Stream.of(arguments)).toList();
    var output = run.resolveSibling(script + ".output");
    // To a file: what it leaves running would hold a pipe open.
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    int status = builder.start().waitFor();
    return new Ended(status, Files.readString(output));
  }
}
