package dev.genesysvault.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that a test started; its output goes to a file that a failure names. */
final class RealProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final Process process;
  private final Path log;

  private RealProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static RealProcess start(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    return start(Path.of("").toAbsolutePath(), log, environment, command);
  }

  /** Starts one in a folder of its own. */
  static RealProcess start(
      Path folder, Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    var process = builder.start();
    // Whatever becomes of the tests, nothing that they started outlives them.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new RealProcess(process, log);
  }

  /** Runs a command to its end and returns what it printed on standard output. */
  static String run(List<String> command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("%s ended with %d".formatted(command, process.exitValue()));
    }
    return output.strip();
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Returns the processes that it started. */
  List<ProcessHandle> children() {
    return process.children().toList();
  }

  /** Kills it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Waits until it ends by itself; returns its status. */
  int awaitEnd(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience)) {
      throw new AssertionError("%s has not ended within %s".formatted(log, patience));
    }
    return process.exitValue();
  }

  /** Stops it as {@code kill -STOP} does. */
  void suspend() throws IOException, InterruptedException {
    signal(pid(), "STOP");
  }

  /** Lets it run again. */
  void resume() throws IOException, InterruptedException {
    signal(pid(), "CONT");
  }

  /** Sends a signal to any process. */
  static void signal(long pid, String name) throws IOException, InterruptedException {
    var _ = run(List.of("kill", "-" + name, String.valueOf(pid)));
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Ends it as {@code kill} does, and waits. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
