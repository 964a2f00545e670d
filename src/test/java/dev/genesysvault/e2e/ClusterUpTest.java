package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster that an operator tries on one machine; it builds nothing here. */
final class ClusterUpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path run;
  private final DevScripts scripts;

  ClusterUpTest(@TempDir Path folder) throws Exception {
    run = folder.resolve("run");
    scripts = new DevScripts(run, "CLUSTER_PORT", "SIMULATOR_API_PORT", "SIMULATOR_LOGIN_PORT");
  }

  @AfterEach
  void end() throws Exception {
    scripts.run("cluster-down");
  }

  @Test
  void cluster_up_kills_the_leader_brings_back_what_has_died_and_cluster_down_leaves_nothing()
      throws Exception {
    var up = scripts.run("cluster-up", "--built");

    assertThat(up.status()).as(up.output()).isZero();
    assertThat(up.output())
        .contains("node-1 leads. A credential, asked of node-2", "node-1 is back, and stands by")
        .containsPattern("node-1 is killed. node-[23] leads, and node-2 answers")
        .doesNotContain("unseal_key", "root_token");
    assertThat(up.output().lines().filter(line -> line.contains("logs in        yes"))).hasSize(2);

    for (int node = 1; node <= 3; node++) {
      var killed = process(run.resolve("node-%d.pid".formatted(node))).orElseThrow();
      killed.destroyForcibly();
      killed.onExit().join();
    }
    var again = scripts.run("cluster-up", "--built");
    assertThat(again.status()).as(again.output()).isZero();

    var processes = processes();
    assertThat(processes).hasSize(7).allMatch(ProcessHandle::isAlive);
    var down = scripts.run("cluster-down");
    assertThat(down.status()).as(down.output()).isZero();
    Eventually.is(
        "nothing is left", PATIENCE, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(run.resolve("keys")).doesNotExist();
  }

  private List<ProcessHandle> processes() throws IOException {
    var all = new ArrayList<ProcessHandle>();
    try (var files = Files.newDirectoryStream(run, "*.pid")) {
      for (var file : files) {
        process(file).ifPresent(all::add);
      }
    }
    return all;
  }

  private static Optional<ProcessHandle> process(Path file) throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
  }
}
