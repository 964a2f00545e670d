package dev.genesysvault.e2e;

import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Everything, started for real: simulator, sidecar, Vault with the plugin registered. */
final class Stack implements AutoCloseable {
  static final String PLUGIN = "vault-plugin-secrets-genesys";
  static final Path PLUGIN_DIRECTORY = Path.of("target/plugin").toAbsolutePath();

  final SimulatorServer simulator = SimulatorServer.start(0, 0);
  final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  final VaultServer vault;
  final VaultHttp http;
  final Vault client;
  private final Path pluginDirectory;
  private final Path pluginsSocket;
  private final SidecarProcess sidecar;

  private Stack(Path folder, Path pluginsSocket, SidecarProcess sidecar) throws Exception {
    this(new VaultServer.Setup(folder, PLUGIN_DIRECTORY, "only", ""), pluginsSocket, sidecar);
  }

  private Stack(VaultServer.Setup setup, Path pluginsSocket, SidecarProcess sidecar)
      throws Exception {
    this.pluginDirectory = setup.pluginDirectory();
    this.pluginsSocket = pluginsSocket;
    this.sidecar = sidecar;
    this.vault = VaultServer.start(setup);
    this.http = vault.http;
    this.client = clientWith(vault.rootToken());
    register();
  }

  /** Starts everything but the mount. */
  static Stack start(Path folder, String... sidecarFlags) throws Exception {
    return startFrom(SidecarProcess.DISTRIBUTION, folder, sidecarFlags);
  }

  /** As {@link #start}, with the sidecar of another distribution. */
  static Stack startFrom(Path distribution, Path folder, String... sidecarFlags) throws Exception {
    return beside(
        folder,
        new SidecarProcess(
            SidecarProcess.launcher(distribution), folder, List.of(sidecarFlags), Map.of()));
  }

  /** As {@link #startFrom}, with a Vault that runs so, and the plugin that it finds there. */
  static Stack startFrom(Path distribution, VaultServer.Setup setup, String... sidecarFlags)
      throws Exception {
    var launcher = SidecarProcess.launcher(distribution);
    var sidecar = new SidecarProcess(launcher, setup.folder(), List.of(sidecarFlags), Map.of());
    return new Stack(setup, sidecar.socket(), sidecar);
  }

  /** As {@link #startHasty}, with more flags, and variables in the sidecar's environment. */
  static Stack startIn(Map<String, String> environment, Path folder, String... flags)
      throws Exception {
    var all = new ArrayList<>(SidecarProcess.HASTY);
    all.addAll(List.of(flags));
    return beside(folder, new SidecarProcess(SidecarProcess.LAUNCHER, folder, all, environment));
  }

  private static Stack beside(Path folder, SidecarProcess sidecar) throws Exception {
    return new Stack(folder, sidecar.socket(), sidecar);
  }

  /** As {@link #start}, with a sidecar that waits for nothing longer than tests can. */
  static Stack startHasty(Path folder) throws Exception {
    return start(folder, SidecarProcess.HASTY.toArray(String[]::new));
  }

  /** Starts everything but the mount, with plugins that look for the sidecar somewhere else. */
  static Stack startApart(Path folder, Path pluginsSocket, String... sidecarFlags)
      throws Exception {
    return new Stack(folder, pluginsSocket, new SidecarProcess(folder, List.of(sidecarFlags)));
  }

  /** Returns where the sidecar listens. */
  Path socket() {
    return sidecar.socket();
  }

  Vault clientWith(String token) throws VaultException {
    return Vault.create(
        new VaultConfig()
            .address(vault.address())
            .token(token)
            .engineVersion(1)
            .readTimeout(60)
            .build());
  }

  /** Mounts the engine, configures it, and writes a role {@code demo}. */
  void mountReady(String path) throws Exception {
    http.must("sys/mounts/" + path, Map.of("type", PLUGIN));
    configure(path);
  }

  void configure(String path) throws Exception {
    awaitSidecar();
    client.logical().write(path + "/config", SimulatedOrganization.config(simulator));
    client
        .logical()
        .write(
            path + "/roles/demo",
            Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", "1h"));
  }

  /** Disables a mount while the test goes on; gives the status. */
  CompletableFuture<Integer> disableMeanwhile(String mount) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return http.delete("sys/mounts/" + mount).status();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  boolean logsIn(Map<String, String> credential) throws IOException, InterruptedException {
    return genesys.logsIn(simulator.loginUrl(), credential);
  }

  /** Registers the plugin, as an operator does. */
  void register() throws Exception {
    http.must(
        "sys/plugins/catalog/secret/" + PLUGIN,
        Map.of(
            "sha256", sha256(pluginDirectory.resolve(PLUGIN)),
            "command", PLUGIN,
            "args", List.of("-sidecar=unix://" + pluginsSocket)));
  }

  /** Has each mount of the plugin begin anew, as an operator does: what it kept is forgotten. */
  void reloadPlugin() throws IOException, InterruptedException {
    var _ = http.must("sys/plugins/reload/backend", Map.of("plugin", PLUGIN));
  }

  long sidecarPid() {
    return sidecar.pid();
  }

  /** Returns the memory that the sidecar has, in megabytes. */
  long sidecarMegabytes() throws IOException {
    return megabytes(sidecarPid());
  }

  /** Returns what is resident of a process. */
  static long megabytes(long pid) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/%d/status".formatted(pid)))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.substring("VmRSS:".length(), line.length() - " kB".length()).strip())
          .mapToLong(kilobytes -> Long.parseLong(kilobytes) / 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  void killSidecar() throws InterruptedException {
    sidecar.kill();
  }

  /** Leaves the sidecar and its connections there, and nothing of it runs. */
  void suspendSidecar() throws IOException, InterruptedException {
    sidecar.suspend();
  }

  /** Ends {@link #suspendSidecar}. */
  void resumeSidecar() throws IOException, InterruptedException {
    sidecar.resume();
  }

  void startSidecar() throws IOException {
    sidecar.start();
  }

  /** Starts a sidecar where a test that failed left none. */
  void ensureSidecar() throws IOException {
    sidecar.ensure();
  }

  void awaitSidecar() throws Exception {
    sidecar.awaitListening();
  }

  /** Whether the sidecar takes connections. */
  boolean sidecarListens() throws IOException {
    return sidecar.listens();
  }

  String logs() throws IOException {
    return vault.log() + sidecar.log();
  }

  /** Returns the checksum of a file, as a plugin's registration wants it. */
  static String sha256(Path file) throws IOException {
    try {
      var plugin = Files.readAllBytes(file);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plugin));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    vault.close();
    sidecar.close();
    simulator.close();
  }
}
