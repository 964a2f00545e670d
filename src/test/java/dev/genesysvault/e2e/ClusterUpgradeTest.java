package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin of the last release gives way to the present one, node by node, as documented. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ClusterUpgradeTest {
  private static final String RELEASED = "v0.1.0";

  private final Cluster cluster;

  ClusterUpgradeTest(@TempDir Path folder) throws Exception {
    var released = Files.createDirectory(folder.resolve("released"));
    var _ =
        RealProcess.run(List.of("plugin-shim/build", "--released", RELEASED, released.toString()));
    cluster = Cluster.start(folder, released.resolve(Stack.PLUGIN), "");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void no_read_fails_where_the_plugin_is_upgraded_node_by_node() throws Exception {
    var present = Stack.PLUGIN_DIRECTORY.resolve(Stack.PLUGIN);
    var version = RealProcess.run(List.of(present.toString(), "-version"));
    var file = Stack.PLUGIN + "-" + version;
    assertThat(shimVersion(cluster.leader())).isEqualTo(RELEASED).isNotEqualTo(version);

    var outcome =
        ClusterLoad.during(
            cluster,
            "the plugin is upgraded from " + RELEASED + ", node by node",
            first -> {
              for (var node : cluster.nodes()) {
                Files.copy(present, node.plugins().resolve(file));
              }
              cluster.register(file, version);
              first.http().must("sys/mounts/genesys/tune", Map.of("plugin_version", version));
              // A node that has not heard of it yet would start the former plugin once more.
              cluster.awaitReplicated();
              for (var standby : cluster.standbys()) {
                standby.server().stop();
                standby.server().rejoin();
              }
              first.http().must("sys/step-down", Map.of());
              cluster.leaderAfter(first);
              first.server().stop();
              first.server().rejoin();
            });

    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.longestWait()).isLessThan(Duration.ofSeconds(60));
    assertThat(shimVersion(cluster.leader())).isEqualTo(version);
    for (var node : cluster.nodes()) {
      assertThat(node.server().processes().stream().flatMap(each -> each.info().command().stream()))
          .as(node.id())
          .noneMatch(command -> command.endsWith(Stack.PLUGIN));
    }
  }

  private static String shimVersion(Cluster.Node node) throws Exception {
    return node.http().data("genesys/status").path("shim_version").asText();
  }
}
