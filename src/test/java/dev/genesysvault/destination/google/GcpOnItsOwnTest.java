package dev.genesysvault.destination.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Forms;
import dev.genesysvault.testing.PrivateCa;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left out of Google's library is missed by nothing that a destination does. */
final class GcpOnItsOwnTest {
  /** What tests have, and a sidecar has not. */
  private static final List<String> OF_TESTS =
      List.of("grpc-google-cloud", "junit", "opentest4j", "assertj", "byte-buddy", "archunit");

  /** That of a distribution where one is named by {@code -Dgenesysvault.dist}. */
  private static String classPath() {
    var all = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    var dist = System.getProperty("genesysvault.dist");
    var found =
        dist == null
            ? Stream.of(all).filter(file -> OF_TESTS.stream().noneMatch(name(file)::contains))
            : Stream.concat(
                Stream.of(all).filter(file -> name(file).equals("test-classes")),
                Stream.of(dist + "/lib/*", dist + "/lib/optional/gcp/*"));
    return found.collect(Collectors.joining(File.pathSeparator));
  }

  private static String name(String file) {
    return file.substring(file.lastIndexOf(File.separatorChar) + 1);
  }

  @Test
  void everything_is_done_with_what_a_sidecar_has(@TempDir Path folder) throws Exception {
    try (var other = new OtherGoogle()) {
      var settings = new TreeMap<>(OtherGoogle.settings());
      settings.put("alias", "live");
      settings.put("create_secret", "true");
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  classPath(),
                  GcpOnItsOwn.class.getName(),
                  other.proxy.url(),
                  PrivateCa.file(folder).toString(),
                  Files.writeString(folder.resolve("settings"), Forms.text(settings)).toString(),
                  OtherGoogle.ENTRY)
              .redirectErrorStream(true)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said)
          .contains("Confirmed[version=1]", "Confirmed[version=2]", "AsSent[]", "Otherwise[")
          .doesNotContain("Failed[", "NoClassDefFoundError");
    }
  }
}
