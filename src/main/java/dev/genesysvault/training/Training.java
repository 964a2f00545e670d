package dev.genesysvault.training;

import dev.genesysvault.simulator.Knob;
import dev.genesysvault.simulator.SimulatorServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts a sidecar by the command that it is given, plays a plugin's first minute to it, and ends
 * it again. Nothing leaves the loopback address, and nothing but the file that the command's own
 * flags name is left behind.
 */
public final class Training {
  private static final long PATIENCE_SECONDS = 60;
  private static final int ENOUGH = 1_000_000;
  private static final String OWN_VARIABLES = "GENESYS_SIDECAR_";

  private Training() {}

  /**
   * Trains.
   *
   * @param args the command that starts a recording sidecar, without the sidecar's own flags
   */
  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> command) {
    try {
      var folder = Files.createTempDirectory("genesys-sidecar-training");
      try {
        train(command, folder);
      } finally {
        remove(folder);
      }
      return 0;
    } catch (IOException e) {
      System.err.println("genesys-sidecar: the training failed: " + e.getMessage());
      return 1;
    } catch (InterruptedException _) {
      return 1;
    }
  }

  private static void train(List<String> command, Path folder)
      throws IOException, InterruptedException {
    var identity = Identity.make(folder);
    try (var genesys = SimulatorServer.startTls(identity.context())) {
      genesys.genesys().turn(Map.of(Knob.RATE_LIMIT.key(), ENOUGH, Knob.LOGIN_LIMIT.key(), ENOUGH));
      var log = folder.resolve("log");
      var socket = folder.resolve("sidecar.sock");
      var sidecar = start(command, socket, identity.file(), log);
      try {
        try (var plugin = new PlayedPlugin(socket)) {
          FirstMinute.play(plugin, genesys);
        }
        sidecar.destroy();
        if (!sidecar.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("the sidecar did not end within %d s".formatted(PATIENCE_SECONDS));
        }
      } catch (IOException e) {
        throw new IOException(e.getMessage() + System.lineSeparator() + Files.readString(log), e);
      } finally {
        sidecar.destroyForcibly();
      }
    }
  }

  private static Process start(List<String> command, Path socket, Path authority, Path log)
      throws IOException {
    var whole = new ArrayList<>(command);
    whole.add("--socket=" + socket);
    whole.add("--ca-file=" + authority);
    whole.add("--proxy=none");
    whole.add("--management-address=127.0.0.1:0");
    // The new client of a static role need not wait for a Genesys that shows its grants late.
    whole.add("--propagation-delay=1s");
    var builder = new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.toFile());
    // What the operator has set is for the sidecar that serves: its ports, and where it pushes to.
    builder.environment().keySet().removeIf(name -> name.startsWith(OWN_VARIABLES));
    return builder.start();
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
