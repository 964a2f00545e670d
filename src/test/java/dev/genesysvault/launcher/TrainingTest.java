package dev.genesysvault.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the JVM's cache, over a java that is played by a script. */
@Timeout(60)
final class TrainingTest {
  /** Writes a cache where it is told to, and else what it was started with. */
  private static final String TRAINED =
      """
      for argument in "$@"; do
        case $argument in
          -XX:AOTCacheOutput=*) echo cache >"${argument#*=}"; exit 0 ;;
        esac
      done
      echo "$@"
      """;

  private final PlayedInstallation installed;
  private final Path cache;

  TrainingTest(@TempDir Path folder) {
    installed = new PlayedInstallation(folder);
    cache = installed.lib().resolve("genesys-sidecar.aot");
  }

  @BeforeEach
  void install() throws IOException {
    installed.install();
    installed.java(TRAINED);
  }

  private void train() throws Exception {
    var training = installed.start(Map.of(), "--train");
    var said = PlayedInstallation.output(training);
    assertThat(training.exitValue()).as(said).isZero();
    assertThat(said).isEqualTo("genesys-sidecar: trained, in %s\n".formatted(cache));
  }

  private String started(Map<String, String> environment) throws Exception {
    return PlayedInstallation.output(installed.start(environment, "--socket=/x"));
  }

  private void assertNamed(Map<String, String> environment) throws Exception {
    assertThat(started(environment)).contains("-XX:AOTCache=" + cache + " -Xlog:aot*=off,cds*=off");
  }

  private void assertLeftOut(Map<String, String> environment) throws Exception {
    assertThat(started(environment)).contains("dev.genesysvault.Main").doesNotContain("AOTCache=");
  }

  @Test
  void nothing_is_named_before_a_training() throws Exception {
    assertLeftOut(Map.of());
  }

  @Test
  void the_cache_of_a_training_is_named_and_nothing_else_is_left() throws Exception {
    train();

    assertNamed(Map.of());
    try (var files = Files.list(installed.lib())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "genesys-sidecar-1.jar",
              "genesys-sidecar-1-simulator.jar",
              "genesys-sidecar.aot",
              "genesys-sidecar.aot.stamp");
    }
  }

  @Test
  void it_is_named_under_supervision_and_with_another_heap() throws Exception {
    train();

    assertNamed(Map.of("GENESYS_SIDECAR_HEAP", "99m"));
    assertThat(PlayedInstallation.output(installed.start(Map.of(), "--supervise", "--socket=/x")))
        .contains("-XX:AOTCache=" + cache);
  }

  @Test
  void a_second_training_does_nothing_where_the_first_still_fits() throws Exception {
    train();
    Files.writeString(cache, "still here");

    var again = installed.start(Map.of(), "--train");

    assertThat(PlayedInstallation.output(again)).isEmpty();
    assertThat(again.exitValue()).isZero();
    assertThat(cache).hasContent("still here");
  }

  @Test
  void that_of_another_java_is_left_out_and_made_anew_by_a_training() throws Exception {
    train();
    installed.release("JAVA_VERSION=\"25.0.9\"\n");

    assertLeftOut(Map.of());
    train();
    assertNamed(Map.of());
  }

  @Test
  void that_of_other_flags_is_left_out() throws Exception {
    train();

    assertLeftOut(Map.of("GENESYS_SIDECAR_JAVA_OPTS", "-XX:+UseG1GC"));
  }

  @Test
  void that_of_other_jars_is_left_out() throws Exception {
    train();
    Files.setLastModifiedTime(
        installed.lib().resolve("genesys-sidecar-1.jar"),
        FileTime.from(Instant.now().plusSeconds(60)));

    assertLeftOut(Map.of());
  }

  @Test
  void that_of_another_build_of_the_same_time_is_left_out() throws Exception {
    var jar = installed.lib().resolve("genesys-sidecar-1.jar");
    var time = Files.getLastModifiedTime(jar);
    train();
    Files.writeString(jar, "another");
    Files.setLastModifiedTime(jar, time);

    assertLeftOut(Map.of());
  }

  @Test
  void one_that_is_empty_or_without_its_stamp_is_left_out() throws Exception {
    train();
    Files.writeString(cache, "");
    assertLeftOut(Map.of());

    Files.writeString(cache, "cache");
    Files.delete(installed.lib().resolve("genesys-sidecar.aot.stamp"));
    assertLeftOut(Map.of());
  }

  @Test
  void whoever_wants_none_or_another_gets_it() throws Exception {
    train();

    assertLeftOut(Map.of("GENESYS_SIDECAR_AOT_CACHE", "none"));
    assertLeftOut(Map.of("JAVA_TOOL_OPTIONS", "-XX:SharedArchiveFile=/x"));
    assertThat(started(Map.of("GENESYS_SIDECAR_JAVA_OPTS", "-XX:AOTCache=/mine")))
        .contains("-XX:AOTCache=/mine")
        .doesNotContain(cache.toString());
  }

  @Test
  void it_lies_where_the_operator_says() throws Exception {
    var elsewhere = Files.createDirectory(installed.lib().resolve("elsewhere")).resolve("a.aot");
    var environment = Map.of("GENESYS_SIDECAR_AOT_CACHE", elsewhere.toString());

    var training = installed.start(environment, "--train");

    assertThat(PlayedInstallation.output(training)).contains("trained, in " + elsewhere);
    assertThat(started(environment)).contains("-XX:AOTCache=" + elsewhere);
    assertLeftOut(Map.of());
  }

  @Test
  void where_nothing_can_be_written_a_training_says_so_and_the_sidecar_starts() throws Exception {
    var environment = Map.of("GENESYS_SIDECAR_AOT_CACHE", "/nowhere/a.aot");

    var training = installed.start(environment, "--train");

    assertThat(PlayedInstallation.output(training))
        .contains("nothing can be written to the folder of /nowhere/a.aot")
        .contains("GENESYS_SIDECAR_AOT_CACHE");
    assertThat(training.exitValue()).isEqualTo(1);
    assertLeftOut(environment);
  }

  @Test
  void a_training_that_fails_leaves_nothing_and_the_sidecar_starts() throws Exception {
    installed.java(
        """
        for argument in "$@"; do
          case $argument in
            -XX:AOTCacheOutput=*) echo half >"${argument#*=}.config"; exit 1 ;;
          esac
        done
        echo "$@"
        """);

    var training = installed.start(Map.of(), "--train");

    assertThat(PlayedInstallation.output(training)).contains("not trained; it starts as well");
    assertThat(training.exitValue()).isEqualTo(1);
    try (var files = Files.list(installed.lib())) {
      assertThat(files.filter(file -> file.toString().contains(".aot"))).isEmpty();
    }
    assertLeftOut(Map.of());
  }

  @Test
  void train_takes_no_other_flag() throws Exception {
    var training = installed.start(Map.of(), "--train", "--socket=/x");

    assertThat(PlayedInstallation.output(training)).contains("--train stands alone");
    assertThat(training.exitValue()).isEqualTo(2);
  }
}
