package dev.genesysvault.e2e;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A Vault server on integrated storage: killed and started again, it has what it had. */
final class VaultServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // A plugin looks once a second whether its parent is there.
  private static final Duration PLUGINS_LEAVE_WITHIN = Duration.ofSeconds(10);

  private static final int LOWEST_PORT = 10_000;
  private static final int HIGHEST_PORT = 32_000;

  final VaultHttp http;
  private final Path folder;
  private final String address;
  private final List<String> command;
  private final String unsealKey;
  private final String rootToken;
  private RealProcess process;

  private VaultServer(Path folder, Path pluginDirectory) throws Exception {
    this.folder = folder;
    int port = freePort();
    this.address = "http://127.0.0.1:" + port;
    this.http = new VaultHttp(address);
    this.command =
        List.of(binary(), "server", "-config=" + configuration(port, freePort(), pluginDirectory));
    this.process = launch();
    awaitListening();
    var init = http.must("sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
    this.unsealKey = init.path("keys").path(0).asText();
    this.rootToken = init.path("root_token").asText();
    http.useToken(rootToken);
    unseal();
  }

  /** Returns what Maven has left there, else what there is. */
  private static String binary() throws IOException, InterruptedException {
    var left = System.getProperty("genesysvault.vault");
    return left == null ? RealProcess.run(List.of("vault-dev-config/server-binary")) : left;
  }

  /** Starts a new one, initialised and unsealed. */
  static VaultServer start(Path folder, Path pluginDirectory) throws Exception {
    return new VaultServer(folder, pluginDirectory);
  }

  String address() {
    return address;
  }

  String rootToken() {
    return rootToken;
  }

  void unseal() throws Exception {
    http.must("sys/unseal", Map.of("key", unsealKey));
    Eventually.is("Vault is active", PATIENCE, () -> http.get("sys/health").status() == 200);
  }

  /** Kills it as {@code kill -9} does, and returns once the plugins that it leaves have gone. */
  void kill() throws Exception {
    var plugins = process.children();
    process.kill();
    Eventually.is(
        "the plugins of a killed Vault have left by themselves",
        PLUGINS_LEAVE_WITHIN,
        () -> plugins.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Starts it where it died. */
  void startAgain() throws Exception {
    process = launch();
    awaitListening();
    unseal();
  }

  /** Returns its process, and those of its plugins. */
  List<ProcessHandle> processes() {
    var all = new ArrayList<>(process.children());
    all.addFirst(ProcessHandle.of(process.pid()).orElseThrow());
    return all;
  }

  /** Kills its plugins' processes as {@code kill -9} does. */
  void killPlugins() {
    var plugins = process.children();
    if (plugins.isEmpty()) {
      throw new AssertionError("Vault runs no plugin");
    }
    plugins.forEach(ProcessHandle::destroyForcibly);
    plugins.forEach(plugin -> plugin.onExit().join());
  }

  /** Starts an agent that keeps a credential in a file: {@code <client_id> <client_secret>}. */
  RealProcess startAgent(Path agentFolder, String path, Path file) throws IOException {
    var token = Files.writeString(agentFolder.resolve("token"), rootToken);
    var config =
        Files.writeString(
            agentFolder.resolve("agent.hcl"),
            """
            auto_auth {
              method "token_file" {
                config = {
                  token_file_path = "%s"
                }
              }
            }
            template {
              contents    = "{{ with secret \\"%s\\" }}{{ .Data.client_id }} {{ .Data.client_secret }}{{ end }}"
              destination = "%s"
              perms       = "0600"
            }
            """
                .formatted(token, path, file));
    return RealProcess.start(
        agentFolder.resolve("agent.log"),
        Map.of("VAULT_TOKEN", "", "VAULT_ADDR", address),
        List.of(command.getFirst(), "agent", "-config=" + config));
  }

  String log() throws IOException {
    return process.log();
  }

  private RealProcess launch() throws IOException {
    return RealProcess.start(
        folder.resolve("vault.log"), Map.of("VAULT_TOKEN", "", "VAULT_ADDR", ""), command);
  }

  private void awaitListening() throws Exception {
    Eventually.is("Vault answers", PATIENCE, () -> http.get("sys/seal-status").status() == 200);
  }

  private Path configuration(int port, int clusterPort, Path pluginDirectory) throws IOException {
    var storage = Files.createDirectory(folder.resolve("raft"));
    // The multiplier makes one node its own leader in one second instead of seven.
    return Files.writeString(
        folder.resolve("vault.hcl"),
        """
        storage "raft" {
          path                   = "%s"
          node_id                = "only"
          performance_multiplier = 1
        }
        listener "tcp" {
          address         = "127.0.0.1:%d"
          cluster_address = "127.0.0.1:%d"
          tls_disable     = true
        }
        plugin_directory = "%s"
        api_addr         = "http://127.0.0.1:%d"
        cluster_addr     = "http://127.0.0.1:%d"
        disable_mlock    = true
        # So that tests see what nobody else does: the journal.
        raw_storage_endpoint = true
        """
            .formatted(storage, port, clusterPort, pluginDirectory, port, clusterPort));
  }

  /**
   * Returns a port that is below those which connections get as their own end: nobody is given it
   * while Vault starts, or is down for a while, and several servers at a time hardly choose the
   * same.
   */
  private static int freePort() throws IOException {
    for (int attempt = 1; attempt <= 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException _) {
        // Somebody has it; another one will be free.
      }
    }
    throw new IOException("no port is free");
  }

  @Override
  public void close() {
    process.close();
  }
}
