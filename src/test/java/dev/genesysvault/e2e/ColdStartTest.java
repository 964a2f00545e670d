package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar that starts from the JVM's cache, and one whose cache is not what it was. */
final class ColdStartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path shared;
  private static Path trained;

  @TempDir private Path folder;

  @BeforeAll
  static void train() throws Exception {
    trained = shared.resolve("sidecar.aot");
    var said = SidecarProcess.train(SidecarProcess.LAUNCHER, from(trained));
    assertThat(said).isEqualTo("genesys-sidecar: trained, in %s\n".formatted(trained));
    try (var files = Files.list(shared)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("sidecar.aot", "sidecar.aot.stamp");
    }
  }

  private static Map<String, String> from(Path cache) {
    return Map.of("GENESYS_SIDECAR_AOT_CACHE", cache.toString());
  }

  /** Returns a copy that the launcher takes for good. */
  private Path copy() throws IOException {
    var copy = folder.resolve("copy.aot");
    Files.copy(trained, copy);
    Files.copy(stamp(trained), stamp(copy));
    return copy;
  }

  private static Path stamp(Path cache) {
    return cache.resolveSibling(cache.getFileName() + ".stamp");
  }

  private SidecarProcess start(Map<String, String> environment) throws Exception {
    var sidecar =
        new SidecarProcess(SidecarProcess.LAUNCHER, folder, SidecarProcess.HASTY, environment);
    sidecar.awaitListening();
    Eventually.is("it is ready", PATIENCE, () -> sidecar.log().contains("sidecar is ready"));
    return sidecar;
  }

  /** Whether the process has mapped the file. */
  private static boolean uses(SidecarProcess sidecar, Path cache) throws IOException {
    return Files.readString(Path.of("/proc/%d/maps".formatted(sidecar.pid())))
        .contains(cache.toString());
  }

  private void assertStartsInSilence(Map<String, String> environment) throws Exception {
    try (var sidecar = start(environment)) {
      assertThat(sidecar.log().lines()).allMatch(line -> line.contains(" INFO "));
      assertThat(sidecar.log()).doesNotContain("aot", "AOT");
    }
  }

  @Test
  void a_credential_is_issued_by_a_sidecar_that_started_from_it() throws Exception {
    try (var stack = Stack.startIn(from(trained), folder)) {
      stack.mountReady("genesys");

      var credential = stack.http.get("genesys/creds/demo");

      assertThat(credential.status()).as(credential.toString()).isEqualTo(200);
      assertThat(Files.readString(Path.of("/proc/%d/maps".formatted(stack.sidecarPid()))))
          .contains(trained.toString());
    }
  }

  @Test
  void it_is_used_with_another_heap_and_not_with_other_flags() throws Exception {
    var environment = new HashMap<>(from(trained));
    environment.put("GENESYS_SIDECAR_HEAP", "96m");
    try (var sidecar = start(environment)) {
      assertThat(uses(sidecar, trained)).isTrue();
    }
    environment.put("GENESYS_SIDECAR_JAVA_OPTS", "-XX:+UseParallelGC -XX:-UseSerialGC");
    try (var sidecar = start(environment)) {
      assertThat(uses(sidecar, trained)).isFalse();
    }
    assertStartsInSilence(environment);
  }

  @Test
  void one_that_was_cut_off_costs_its_gain_and_nothing_else() throws Exception {
    var copy = copy();
    try (var file = new RandomAccessFile(copy.toFile(), "rw")) {
      file.setLength(Files.size(trained) / 2);
    }

    assertStartsInSilence(from(copy));
  }

  @Test
  void so_does_one_of_other_bytes() throws Exception {
    var copy = copy();
    Files.write(copy, new byte[1 << 20]);

    assertStartsInSilence(from(copy));
  }

  @Test
  void so_does_one_that_was_made_with_other_settings_of_the_jvm() throws Exception {
    var copy = copy();
    var environment = new HashMap<>(from(copy));
    environment.put("GENESYS_SIDECAR_JAVA_OPTS", "-XX:-UseCompactObjectHeaders");
    var flags = "-XX:+ExitOnOutOfMemoryError ";
    Files.writeString(
        stamp(copy),
        Files.readString(stamp(copy)).replace(flags, flags + "-XX:-UseCompactObjectHeaders"));

    assertStartsInSilence(environment);
  }

  @Test
  void a_second_training_finds_nothing_to_do() throws Exception {
    var before = Files.getLastModifiedTime(trained);

    assertThat(SidecarProcess.train(SidecarProcess.LAUNCHER, from(trained))).isEmpty();

    assertThat(Files.getLastModifiedTime(trained)).isEqualTo(before);
    assertThat(List.of(folder.toFile().list())).isEmpty();
  }
}
