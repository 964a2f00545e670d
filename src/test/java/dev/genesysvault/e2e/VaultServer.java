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

/**
 * A Vault server, alone or a node of a cluster: killed and started again, it has what it had, if
 * its storage is integrated as usual.
 */
final class VaultServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // A plugin looks once a second whether its parent is there.
  private static final Duration PLUGINS_LEAVE_WITHIN = Duration.ofSeconds(10);

  private static final Duration SOON = Duration.ofSeconds(2);

  private static final int LOWEST_PORT = 10_000;
  private static final int HIGHEST_PORT = 32_000;

  final VaultHttp http;
  private final Setup setup;
  private final String address;
  private final List<String> command;
  private String unsealKey = "";
  private RealProcess process;

  /**
   * Where and how a node runs.
   *
   * @param folder its working directory; its plugins' too
   * @param id its name in the cluster
   * @param further lines of its configuration
   * @param storage where it keeps what it stores
   */
  record Setup(Path folder, Path pluginDirectory, String id, String further, Storage storage) {
    Setup(Path folder, Path pluginDirectory, String id, String further) {
      this(folder, pluginDirectory, id, further, Storage.RAFT);
    }
  }

  /** Where a node keeps what it stores. */
  enum Storage {
    /** On disk, and in a cluster. */
    RAFT,
    /** In its process: all is lost with it. */
    INMEM
  }

  private VaultServer(Setup setup) throws Exception {
    this.setup = setup;
    int port = freePort();
    this.address = "http://127.0.0.1:" + port;
    this.http = new VaultHttp(address);
    this.command =
        List.of(ServerKind.binary(), "server", "-config=" + configuration(port, freePort()));
    this.process = launch();
    awaitListening();
  }

  /** Starts a new one, initialised and unsealed. */
  static VaultServer start(Path folder, Path pluginDirectory) throws Exception {
    return start(new Setup(folder, pluginDirectory, "only", ""));
  }

  /** Starts a new one, or the first node of a cluster, initialised and unsealed. */
  static VaultServer start(Setup setup) throws Exception {
    var server = new VaultServer(setup);
    var init = server.http.must("sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
    server.unsealKey = init.path("keys").path(0).asText();
    server.http.useToken(init.path("root_token").asText());
    server.unseal();
    return server;
  }

  /** Starts a node that joins this one's cluster, and returns once it stands by. */
  VaultServer join(Setup joining) throws Exception {
    var server = new VaultServer(joining);
    server.http.must("sys/storage/raft/join", Map.of("leader_api_addr", address));
    server.unsealKey = unsealKey;
    server.http.useToken(rootToken());
    server.submitKey();
    server.awaitUnsealed();
    return server;
  }

  String address() {
    return address;
  }

  String rootToken() {
    return http.token();
  }

  /** Unseals it, and returns once it is active. */
  void unseal() throws Exception {
    submitKey();
    awaitActive();
  }

  private void submitKey() throws Exception {
    http.must("sys/unseal", Map.of("key", unsealKey));
  }

  private void awaitActive() throws Exception {
    Eventually.is("Vault is active", PATIENCE, () -> http.get("sys/health").status() == 200);
  }

  private void awaitUnsealed() throws Exception {
    Eventually.is(
        "the node is active or stands by",
        PATIENCE,
        () -> http.get("sys/health?standbyok=true&perfstandbyok=true").status() == 200);
  }

  /** Says whether it is alive and leads. */
  boolean leads() throws InterruptedException {
    try {
      var leader = http.within(SOON).get("sys/leader").body();
      return process.alive() && leader.path("is_self").asBoolean();
    } catch (IOException _) {
      return false;
    }
  }

  /** Stops it and its plugins as a host does that hangs. */
  void suspend() throws IOException, InterruptedException {
    for (var each : processes()) {
      RealProcess.signal(each.pid(), "STOP");
    }
  }

  /** Ends {@link #suspend}. */
  void resume() throws IOException, InterruptedException {
    for (var each : processes()) {
      RealProcess.signal(each.pid(), "CONT");
    }
  }

  /** Ends it as an operator does, and returns once the plugins that it leaves have gone. */
  void stop() throws Exception {
    var plugins = process.children();
    process.close();
    awaitGone(plugins);
  }

  /** Kills it as {@code kill -9} does, and returns once the plugins that it leaves have gone. */
  void kill() throws Exception {
    var plugins = process.children();
    process.kill();
    awaitGone(plugins);
  }

  private static void awaitGone(List<ProcessHandle> plugins) throws Exception {
    Eventually.is(
        "the plugins of a Vault that ended have left by themselves",
        PLUGINS_LEAVE_WITHIN,
        () -> plugins.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Starts it where it died, and returns once it is active. */
  void startAgain() throws Exception {
    rejoin();
    awaitActive();
  }

  /** Starts it where it died, and returns once it is a node of its cluster again. */
  void rejoin() throws Exception {
    process = launch();
    awaitListening();
    submitKey();
    awaitUnsealed();
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
    var token = Files.writeString(agentFolder.resolve("token"), rootToken());
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

  /** Runs a command of the server's own client, and returns what it printed. */
  String cli(String... words) throws IOException, InterruptedException {
    var all =
        new ArrayList<>(List.of("env", "VAULT_ADDR=" + address, "VAULT_TOKEN=" + rootToken()));
    all.add(command.getFirst());
    all.addAll(List.of(words));
    return RealProcess.run(all);
  }

  String log() throws IOException {
    return process.log();
  }

  private RealProcess launch() throws IOException {
    return RealProcess.start(
        setup.folder(),
        setup.folder().resolve("vault.log"),
        Map.of("VAULT_TOKEN", "", "VAULT_ADDR", ""),
        command);
  }

  private void awaitListening() throws Exception {
    Eventually.is("Vault answers", PATIENCE, () -> http.get("sys/seal-status").status() == 200);
  }

  private Path configuration(int port, int clusterPort) throws IOException {
    return Files.writeString(
        setup.folder().resolve("vault.hcl"),
        """
        %s
        listener "tcp" {
          address         = "127.0.0.1:%d"
          cluster_address = "127.0.0.1:%d"
          tls_disable     = true
        }
        plugin_directory = "%s"
        api_addr         = "%s"
        cluster_addr     = "http://127.0.0.1:%d"
        disable_mlock    = true
        # So that tests see what nobody else does: the journal.
        raw_storage_endpoint = true
        %s
        """
            .formatted(
                storage(),
                port,
                clusterPort,
                setup.pluginDirectory(),
                address,
                clusterPort,
                setup.further()));
  }

  private String storage() throws IOException {
    // The multiplier makes one node its own leader in one second instead of seven.
    return switch (setup.storage()) {
      case INMEM -> "storage \"inmem\" {}";
      case RAFT ->
          """
          storage "raft" {
            path                   = "%s"
            node_id                = "%s"
            performance_multiplier = 1
          }
          """
              .formatted(Files.createDirectory(setup.folder().resolve("raft")), setup.id());
    };
  }

  /**
   * Returns a port that is below those which connections get as their own end: nobody is given it
   * while Vault starts, or is down for a while, and several servers at a time hardly choose the
   * same.
   */
  static int freePort() throws IOException {
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
