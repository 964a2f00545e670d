package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer runs first, with ports and a run folder of its own; it builds nothing here. */
final class UpTest {
  private static final Duration SECONDS = Duration.ofSeconds(30);
  private static final List<String> PARTS = List.of("simulator", "sidecar", "vault");

  private final DevScripts scripts;
  private final Path run;

  UpTest(@TempDir Path folder) throws Exception {
    run = folder.resolve("run");
    scripts =
        new DevScripts(
            run,
            "VAULT_PORT",
            "SIMULATOR_API_PORT",
            "SIMULATOR_LOGIN_PORT",
            "SIDECAR_MANAGEMENT_PORT");
  }

  @AfterEach
  void end() throws Exception {
    scripts.run("down");
  }

  @Test
  void up_shows_a_credential_and_again_in_seconds_and_down_leaves_nothing() throws Exception {
    var first = scripts.run("up", "--built");

    assertThat(first.status()).as(first.output()).isZero();
    assertThat(first.output())
        .containsPattern("client_id +[0-9a-f-]{36}\n")
        .containsPattern("lease_id +genesys/creds/demo/\\w+\n")
        .contains("(not shown here)", "logs in        yes (200)", "logs in        no more (40");

    var processes = processes();
    assertThat(processes).hasSize(PARTS.size());
    onlyTheServerKnowsTheToken(processes.getLast());

    long begun = System.nanoTime();
    var second = scripts.run("up", "--built");
    assertThat(second.status()).as(second.output()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SECONDS);
    assertThat(processes()).isEqualTo(processes);

    processes.get(1).destroyForcibly();
    processes.get(1).onExit().join();
    var third = scripts.run("up", "--built");
    assertThat(third.status()).as(third.output()).isZero();
    assertThat(third.output()).contains("started sidecar", "vault runs");

    var all = new ArrayList<>(processes());
    all.addAll(processes.getLast().descendants().toList());
    var down = scripts.run("down");
    assertThat(down.status()).as(down.output()).isZero();
    Eventually.is("nothing is left", SECONDS, () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void a_step_that_fails_names_its_log() throws Exception {
    scripts.set("VAULT_BINARY", "/no/server");

    var up = scripts.run("up", "--built");

    assertThat(up.status()).isEqualTo(1);
    assertThat(up.output())
        .contains("which is no executable file")
        .endsWith("the server could not be had; all output is in " + run + "/build-server.log\n");
    assertThat(run.resolve("vault.pid")).doesNotExist();
  }

  /** The plugin is a child of the server's, and gets its environment from it. */
  private void onlyTheServerKnowsTheToken(ProcessHandle server) throws IOException {
    var token =
        Files.readAllLines(run.resolve("settings")).stream()
            .filter(line -> line.startsWith("token="))
            .map(line -> line.substring("token=".length()))
            .findFirst()
            .orElseThrow();
    assertThat(read(server, "environ")).contains(token);
    var others =
        ProcessHandle.allProcesses()
            .filter(process -> !process.equals(server))
            .filter(process -> !process.parent().equals(Optional.of(server)))
            .filter(process -> read(process, "environ").contains(token));
    assertThat(others).isEmpty();
    assertThat(
            ProcessHandle.allProcesses()
                .filter(process -> read(process, "cmdline").contains(token)))
        .isEmpty();
  }

  /** Returns nothing where it has ended, or is somebody else's. */
  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(
          Path.of("/proc", String.valueOf(process.pid()), file), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  private List<ProcessHandle> processes() throws IOException {
    var all = new ArrayList<ProcessHandle>();
    for (var part : PARTS) {
      var pid = Files.readString(run.resolve(part + ".pid")).strip();
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(all::add);
    }
    return all;
  }
}
