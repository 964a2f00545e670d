package dev.genesysvault.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code .ci/run} over a Maven that is played by a script. */
@Timeout(60)
final class CiRunTest {
  @Test
  void tests_know_that_nothing_may_be_skipped(@TempDir Path folder) throws Exception {
    var maven = folder.resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\necho \"CI=$CI of $*\"\n");
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
    var builder = new ProcessBuilder(".ci/run").redirectErrorStream(true);
    builder.environment().remove("CI");
    builder.environment().compute("PATH", (_, path) -> folder + ":" + path);

    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("CI=true of -B --no-transfer-progress verify -Pboth-servers");
  }
}
