package dev.genesysvault.contract;

import dev.genesysvault.Main;
import dev.genesysvault.testing.LauncherFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The real sidecar in a process of its own, with the heap that is its least. */
final class SidecarProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final Set<String> PROXY_VARIABLES =
      Set.of("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY");

  private final Path folder;
  private final Map<String, String> environment;
  private final List<String> flags;
  private Process process;

  SidecarProcess(Path folder) throws IOException, InterruptedException {
    this(folder, Map.of());
  }

  /** Starts one with more flags and an environment. */
  SidecarProcess(Path folder, Map<String, String> environment, String... flags)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.environment = environment;
    this.flags = List.of(flags);
    this.process = start();
  }

  Path socket() {
    return folder.resolve("sidecar.sock");
  }

  private Process start() throws IOException, InterruptedException {
    var command = LauncherFlags.command(Main.class);
    command.addAll(List.of("--socket", socket().toString(), "--visibility-delay", "1s"));
    command.addAll(flags);
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    // Those of whoever runs the tests would have a say.
    builder.environment().keySet().removeAll(PROXY_VARIABLES);
    builder.environment().putAll(environment);
    var started = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    for (long i = 0; i < PATIENCE_SECONDS * 20; i++) {
      if (!started.isAlive()) {
        throw new IOException("the sidecar ended: " + Files.readString(log()));
      }
      if (Files.exists(socket())
          && Files.readString(log()).split("sidecar is ready", -1).length > starts) {
        starts++;
        return started;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException("the sidecar is not ready: " + Files.readString(log()));
  }

  private int starts = 1;

  Path log() {
    return folder.resolve("sidecar.log");
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Returns the CPU time that it has taken so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Ends it at once, and starts another one. */
  void restart() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    process = start();
  }

  /** Ends it as an operator does, and waits until it has ended. */
  void end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the sidecar does not end");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
