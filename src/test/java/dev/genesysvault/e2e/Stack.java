package dev.genesysvault.e2e;

import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Everything, started for real: simulator, sidecar, Vault with the plugin registered. */
final class Stack implements AutoCloseable {
  static final String PLUGIN = "vault-plugin-secrets-genesys";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path PLUGIN_DIRECTORY = Path.of("target/plugin").toAbsolutePath();
  private static final Path SIDECAR = Path.of("target/dist/bin/genesys-sidecar").toAbsolutePath();

  final SimulatorServer simulator = SimulatorServer.start(0, 0);
  final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  final VaultHttp http;
  final Vault client;
  private final Path folder;
  private final Path socket;
  private final String address;
  private final RealProcess vault;
  private final String unsealKey;
  private final String rootToken;
  private RealProcess sidecar;

  private Stack(Path folder) throws Exception {
    this.folder = folder;
    this.socket = folder.resolve("sidecar.sock");
    int port = freePort();
    this.address = "http://127.0.0.1:" + port;
    this.http = new VaultHttp(address);
    this.sidecar = launchSidecar();
    this.vault = launchVault(port);
    Eventually.is("Vault answers", PATIENCE, () -> http.get("sys/seal-status").status() == 200);
    var init = http.must("sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
    this.unsealKey = init.path("keys").path(0).asText();
    this.rootToken = init.path("root_token").asText();
    http.useToken(rootToken);
    unseal();
    this.client = clientWith(rootToken);
    register();
  }

  /** Starts everything but the mount. */
  static Stack start(Path folder) throws Exception {
    return new Stack(folder);
  }

  Vault clientWith(String token) throws VaultException {
    return Vault.create(
        new VaultConfig().address(address).token(token).engineVersion(1).readTimeout(60).build());
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

  boolean logsIn(Map<String, String> credential) throws IOException, InterruptedException {
    return genesys.logsIn(
        simulator.loginUrl(),
        credential.getOrDefault("client_id", ""),
        credential.getOrDefault("client_secret", ""));
  }

  /** Registers the plugin, as an operator does. */
  void register() throws Exception {
    http.must(
        "sys/plugins/catalog/secret/" + PLUGIN,
        Map.of(
            "sha256", sha256(),
            "command", PLUGIN,
            "args", List.of("-sidecar=unix://" + socket)));
  }

  void unseal() throws Exception {
    http.must("sys/unseal", Map.of("key", unsealKey));
    Eventually.is("Vault is active", PATIENCE, () -> http.get("sys/health").status() == 200);
  }

  long sidecarPid() {
    return sidecar.pid();
  }

  void killSidecar() throws InterruptedException {
    sidecar.kill();
  }

  void startSidecar() throws IOException {
    sidecar = launchSidecar();
  }

  void awaitSidecar() throws Exception {
    Eventually.is("the sidecar listens", PATIENCE, () -> Files.exists(socket));
  }

  /** Kills the plugin's processes as {@code kill -9} does. */
  void killPlugin() {
    var plugins = vault.children();
    if (plugins.isEmpty()) {
      throw new AssertionError("Vault runs no plugin");
    }
    plugins.forEach(ProcessHandle::destroyForcibly);
    plugins.forEach(plugin -> plugin.onExit().join());
  }

  String logs() throws IOException {
    return vault.log() + sidecar.log();
  }

  private RealProcess launchSidecar() throws IOException {
    return RealProcess.start(
        folder.resolve("sidecar.log"),
        Map.of("JAVA_HOME", System.getProperty("java.home")),
        List.of(SIDECAR.toString(), "--socket=" + socket));
  }

  private RealProcess launchVault(int port) throws IOException, InterruptedException {
    var config = folder.resolve("vault.hcl");
    Files.writeString(
        config,
        """
        storage "inmem" {}
        listener "tcp" {
          address     = "127.0.0.1:%d"
          tls_disable = true
        }
        plugin_directory = "%s"
        api_addr         = "http://127.0.0.1:%d"
        disable_mlock    = true
        """
            .formatted(port, PLUGIN_DIRECTORY, port));
    var binary = RealProcess.run(List.of("vault-dev-config/vault-binary"));
    return RealProcess.start(
        folder.resolve("vault.log"),
        Map.of("VAULT_TOKEN", "", "VAULT_ADDR", ""),
        List.of(binary, "server", "-config=" + config));
  }

  private static String sha256() throws IOException {
    try {
      var plugin = Files.readAllBytes(PLUGIN_DIRECTORY.resolve(PLUGIN));
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plugin));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    vault.close();
    sidecar.close();
    simulator.close();
  }
}
