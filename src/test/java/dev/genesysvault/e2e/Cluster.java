package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.SimulatorAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Nodes of one raft cluster before one simulated organisation, each with a sidecar of its own
 * unless it says otherwise.
 */
final class Cluster implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * The catalog's arguments are the same on all nodes. On hosts of their own that is one path; here
   * it leads each node's plugins to the folder of their node.
   */
  private static final Path SOCKET_OF_EACH_NODE = Path.of("/proc/self/cwd/sidecar.sock");

  final SimulatorServer simulator = SimulatorServer.start(0, 0);
  final SimulatorAdmin genesys = new SimulatorAdmin(simulator.apiUrl());
  private final Path folder;
  private final Path plugin;
  private final String further;
  private final Optional<SidecarProcess> shared;
  private final List<Node> nodes = new CopyOnWriteArrayList<>();

  /** A host: a server, its plugins, a sidecar. */
  record Node(String id, Path folder, VaultServer server, SidecarProcess sidecar)
      implements AutoCloseable {
    VaultHttp http() {
      return server.http;
    }

    Path plugins() {
      return folder.resolve("plugins");
    }

    /** Stops all of it as a host does that hangs. */
    void suspend() throws Exception {
      server.suspend();
      sidecar.suspend();
    }

    /** Ends {@link #suspend}. */
    void resume() throws Exception {
      sidecar.resume();
      server.resume();
    }

    String logs() throws IOException {
      return server.log() + sidecar.log();
    }

    @Override
    public void close() {
      server.close();
      sidecar.close();
    }
  }

  private Cluster(Path folder, Path plugin, String further, Optional<SidecarProcess> shared)
      throws Exception {
    this.folder = folder;
    this.plugin = plugin;
    this.further = further;
    this.shared = shared;
    var id = "node-1";
    var place = prepare(id);
    var sidecar = sidecar(place);
    nodes.add(new Node(id, place, VaultServer.start(setup(id, place)), sidecar));
    // So that a node which joins votes at once.
    nodes
        .getFirst()
        .http()
        .must(
            "sys/storage/raft/autopilot/configuration", Map.of("server_stabilization_time", "1s"));
  }

  /** Starts three nodes with the plugin that was built, and mounts it. */
  static Cluster start(Path folder) throws Exception {
    return start(folder, Stack.PLUGIN_DIRECTORY.resolve(Stack.PLUGIN), "");
  }

  /** As {@link #start(Path)}, with one sidecar for all three. */
  static Cluster startWithOneSidecar(Path folder) throws Exception {
    var shared = Optional.of(new SidecarProcess(folder, SidecarProcess.HASTY));
    return ready(new Cluster(folder, Stack.PLUGIN_DIRECTORY.resolve(Stack.PLUGIN), "", shared));
  }

  /**
   * Starts three nodes with this plugin, and mounts it at {@code genesys/} with a role {@code
   * demo}.
   *
   * @param further lines of each node's configuration
   */
  static Cluster start(Path folder, Path plugin, String further) throws Exception {
    return ready(new Cluster(folder, plugin, further, Optional.empty()));
  }

  private static Cluster ready(Cluster cluster) throws Exception {
    try {
      cluster.join("node-2");
      cluster.join("node-3");
      cluster.register(Stack.PLUGIN, "");
      cluster.mountReady();
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  private void mountReady() throws Exception {
    var http = leader().http();
    http.must("sys/mounts/genesys", Map.of("type", Stack.PLUGIN));
    for (var node : nodes) {
      node.sidecar().awaitListening();
    }
    http.must("genesys/config", SimulatedOrganization.config(simulator));
    http.must(
        "genesys/roles/demo",
        Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", "1h"));
  }

  /** Registers a plugin file that lies in each node's folder of plugins, as an operator does. */
  void register(String file, String version) throws Exception {
    var socket = shared.map(SidecarProcess::socket).orElse(SOCKET_OF_EACH_NODE);
    leader()
        .http()
        .must(
            "sys/plugins/catalog/secret/" + Stack.PLUGIN,
            Map.of(
                "sha256",
                Stack.sha256(nodes.getFirst().plugins().resolve(file)),
                "command",
                file,
                "version",
                version,
                "args",
                List.of("-sidecar=unix://" + socket)));
  }

  /** Adds a node, and returns once the cluster counts its vote. */
  Node join(String id) throws Exception {
    var place = prepare(id);
    var sidecar = sidecar(place);
    var node = new Node(id, place, leader().server().join(setup(id, place)), sidecar);
    nodes.add(node);
    awaitVoters();
    return node;
  }

  /** Takes a node out for good. */
  void remove(Node node) throws Exception {
    leader().http().must("sys/storage/raft/remove-peer", Map.of("server_id", node.id()));
    nodes.remove(node);
    node.close();
  }

  /**
   * Has a node that stands by lead. Who steps down gives the lead to one of those that are behind
   * least: the others are held up meanwhile.
   */
  void haveLead(Node wanted) throws Exception {
    var others = standbys().stream().filter(node -> !node.equals(wanted)).toList();
    for (var other : others) {
      other.server().suspend();
    }
    try {
      var former = leader();
      former.http().must("sys/step-down", Map.of());
      assertThat(leaderAfter(former)).isEqualTo(wanted);
    } finally {
      for (var other : others) {
        other.server().resume();
      }
    }
  }

  private Path prepare(String id) throws IOException {
    var place = Files.createDirectory(folder.resolve(id));
    var plugins = Files.createDirectory(place.resolve("plugins"));
    Files.copy(plugin, plugins.resolve(Stack.PLUGIN));
    return place;
  }

  private SidecarProcess sidecar(Path place) throws IOException {
    return shared.isPresent() ? shared.get() : new SidecarProcess(place, SidecarProcess.HASTY);
  }

  private VaultServer.Setup setup(String id, Path place) {
    return new VaultServer.Setup(place, place.resolve("plugins"), id, further);
  }

  /** Waits until each node has a vote. */
  void awaitVoters() throws Exception {
    Eventually.is(
        "each node votes",
        PATIENCE,
        () -> {
          var servers =
              leader().http().data("sys/storage/raft/configuration").path("config").path("servers");
          int voters = 0;
          for (var server : servers) {
            voters += server.path("voter").asBoolean() ? 1 : 0;
          }
          return voters == nodes.size();
        });
  }

  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** Returns the node that leads, as soon as one does. */
  Node leader() throws Exception {
    return firstLeader("a node leads", nodes);
  }

  /** Returns the node that leads, as soon as one does that is not this one and serves the mount. */
  Node leaderAfter(Node former) throws Exception {
    var others = nodes.stream().filter(node -> !node.equals(former)).toList();
    var leader = firstLeader("another node than " + former.id() + " leads", others);
    awaitSession(leader);
    return leader;
  }

  private static Node firstLeader(String what, List<Node> candidates) throws Exception {
    var found = new AtomicReference<Node>();
    Eventually.is(
        what,
        PATIENCE,
        () -> {
          for (var node : candidates) {
            if (node.server().leads()) {
              found.set(node);
              return true;
            }
          }
          return false;
        });
    return Objects.requireNonNull(found.get());
  }

  List<Node> standbys() throws Exception {
    var leader = leader();
    return nodes.stream().filter(node -> !node.equals(leader)).toList();
  }

  /** Waits until a node that leads does the mount's background work. */
  void awaitSession(Node leader) throws Exception {
    Eventually.is(
        leader.id() + " does the background work",
        PATIENCE,
        () -> {
          var status = leader.http().within(Duration.ofSeconds(5)).data("genesys/status");
          return status.path("session").asBoolean()
              && status.path("queues").path("loaded").asBoolean();
        });
  }

  /** Waits until every node has what the leader had at the begin of this. */
  void awaitReplicated() throws Exception {
    long index = applied(leader());
    for (var node : nodes) {
      Eventually.is(node.id() + " has caught up", PATIENCE, () -> applied(node) >= index);
    }
  }

  private static long applied(Node node) throws IOException, InterruptedException {
    return node.http().get("sys/leader").body().path("raft_applied_index").asLong();
  }

  boolean logsIn(Map<String, String> credential) throws IOException, InterruptedException {
    return genesys.logsIn(simulator.loginUrl(), credential);
  }

  String logs() throws IOException {
    var all = new StringBuilder();
    for (var node : nodes) {
      all.append(node.logs());
    }
    return all.toString();
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    simulator.close();
  }
}
