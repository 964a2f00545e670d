package dev.genesysvault.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher over a java that is played by a script. */
@Timeout(60)
final class LauncherTest {
  private final Path folder;
  private final PlayedInstallation installed;

  LauncherTest(@TempDir Path folder) {
    this.folder = folder;
    this.installed = new PlayedInstallation(folder);
  }

  @BeforeEach
  void install() throws IOException {
    installed.install();
  }

  @Test
  void the_heap_follows_the_machine_within_bounds() throws Exception {
    installed.java("echo \"$@\"");

    var megabytes =
        Integer.parseInt(
            flag(PlayedInstallation.output(installed.start(Map.of(), "--socket=/x")), "-Xmx")
                .replace("m", ""));

    assertThat(megabytes).isBetween(64, 256);
  }

  @Test
  void the_heap_is_what_the_operator_says() throws Exception {
    installed.java("echo \"$@\"");

    var said =
        PlayedInstallation.output(
            installed.start(Map.of("GENESYS_SIDECAR_HEAP", "99m"), "--socket=/x"));

    assertThat(flag(said, "-Xmx")).isEqualTo("99m");
    assertThat(said).endsWith("genesys-sidecar-1.jar dev.genesysvault.Main --socket=/x\n");
  }

  @Test
  void a_supervised_sidecar_is_started_again_until_it_ends_well() throws Exception {
    installed.java(
        """
        echo life >>"%1$s"
        (($(wc -l <"%1$s") > 2)) || exit 3
        """
            .formatted(folder.resolve("lives")));

    var launcher = installed.start(Map.of(), "--supervise", "--socket=/x");
    var said = PlayedInstallation.output(launcher);

    assertThat(launcher.exitValue()).isZero();
    assertThat(Files.readAllLines(folder.resolve("lives"))).hasSize(3);
    assertThat(said)
        .contains("ended with status 3; it is started again in 1 s")
        .contains("started again in 2 s");
  }

  @Test
  void one_that_cannot_run_with_its_flags_is_not_started_again() throws Exception {
    installed.java("exit 2");

    var launcher = installed.start(Map.of(), "--supervise", "--nonsense");

    assertThat(PlayedInstallation.output(launcher)).isEmpty();
    assertThat(launcher.exitValue()).isEqualTo(2);
  }

  @Test
  void a_signal_reaches_the_sidecar_and_ends_both() throws Exception {
    installed.java(
        """
        trap 'echo told to end; exit 143' TERM
        echo ready
        while :; do sleep 0.05; done
        """);
    var launcher = installed.start(Map.of(), "--supervise", "--socket=/x");
    var said = launcher.inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).isEqualTo("ready");

    launcher.toHandle().destroy();

    assertThat(said.readLine()).isEqualTo("told to end");
    assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(143);
  }

  private static String flag(String line, String name) {
    int begin = line.indexOf(name) + name.length();
    return line.substring(begin, line.indexOf(' ', begin));
  }
}
