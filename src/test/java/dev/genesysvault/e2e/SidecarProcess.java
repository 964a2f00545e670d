package dev.genesysvault.e2e;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The real sidecar in a process of its own, which a test may kill, suspend and start again. */
final class SidecarProcess implements AutoCloseable {
  /** With them it waits for nothing longer than tests can. */
  static final List<String> HASTY =
      List.of("--longest-request=4s", "--visibility-delay=2s", "--propagation-delay=1s");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  static final Path DISTRIBUTION = Path.of("target/dist").toAbsolutePath();
  static final Path LAUNCHER = launcher(DISTRIBUTION);

  private final Path launcher;
  private final Path folder;
  private final Path socket;
  private final List<String> flags;
  private final Map<String, String> environment;
  private RealProcess process;

  /** Starts one whose socket, {@code sidecar.sock}, and log lie in a folder. */
  SidecarProcess(Path folder, List<String> flags) throws IOException {
    this(LAUNCHER, folder, flags, Map.of());
  }

  /**
   * Starts that of another distribution.
   *
   * @param variables of its environment, beside JAVA_HOME
   */
  SidecarProcess(Path launcher, Path folder, List<String> flags, Map<String, String> variables)
      throws IOException {
    this.launcher = launcher;
    this.folder = folder;
    this.socket = folder.resolve("sidecar.sock");
    this.flags = flags;
    this.environment = new HashMap<>(variables);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    this.process = launch();
  }

  /**
   * Has a launcher make the JVM's cache, and returns what it said.
   *
   * @param variables of its environment, beside JAVA_HOME
   */
  static String train(Path launcher, Map<String, String> variables)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(launcher.toString(), "--train").redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(variables);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the training failed: " + said);
    }
    return said;
  }

  static Path launcher(Path distribution) {
    return distribution.resolve("bin/genesys-sidecar");
  }

  /** Returns where it listens. */
  Path socket() {
    return socket;
  }

  long pid() {
    return process.pid();
  }

  void kill() throws InterruptedException {
    process.kill();
  }

  /** Leaves it and its connections there, and nothing of it runs. */
  void suspend() throws IOException, InterruptedException {
    process.suspend();
  }

  /** Ends {@link #suspend}. */
  void resume() throws IOException, InterruptedException {
    process.resume();
  }

  void start() throws IOException {
    process = launch();
  }

  /** Starts it where a test that failed left none. */
  void ensure() throws IOException {
    if (!process.alive()) {
      start();
    }
  }

  void awaitListening() throws Exception {
    Eventually.is("the sidecar listens", PATIENCE, this::listens);
  }

  /** Whether it takes connections; what was killed leaves its socket's file behind. */
  boolean listens() throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    }
  }

  String log() throws IOException {
    return process.log();
  }

  private RealProcess launch() throws IOException {
    var command = new ArrayList<>(List.of(launcher.toString(), "--socket=" + socket));
    command.addAll(flags);
    return RealProcess.start(folder.resolve("sidecar.log"), environment, command);
  }

  @Override
  public void close() {
    process.close();
  }
}
