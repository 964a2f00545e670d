package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only some kinds of destinations need, and a sidecar that is without it. */
final class OptionalLibrariesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The sidecar and its simulator; Amazon's annotations and Android's. */
  private static final Set<String> ALIKE = Set.of("genesys-sidecar", "annotations");

  private static final Path LIB = SidecarProcess.DISTRIBUTION.resolve("lib");

  @TempDir Path folder;

  /** Returns the names of jars below a folder, without versions. */
  private static List<String> jars(Path below, Predicate<Path> which) throws IOException {
    try (var files = Files.walk(below)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .filter(which)
          .map(file -> withoutVersion(file.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  private static String withoutVersion(String jar) {
    int dash = jar.indexOf('-');
    while (dash >= 0 && !Character.isDigit(jar.charAt(dash + 1))) {
      dash = jar.indexOf('-', dash + 1);
    }
    return dash < 0 ? jar : jar.substring(0, dash);
  }

  private static long megabytes(Path below) throws IOException {
    try (var files = Files.walk(below)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum()
          >> 20;
    }
  }

  @Test
  void no_jar_is_there_twice() throws Exception {
    var all = jars(LIB, _ -> true);

    System.out.printf(
        "lib has %d MB, of which optional/aws %d, optional/gcp %d, optional/cloudwatch %d%n",
        megabytes(LIB),
        megabytes(LIB.resolve("optional/aws")),
        megabytes(LIB.resolve("optional/gcp")),
        megabytes(LIB.resolve("optional/cloudwatch")));
    assertThat(jars(LIB.resolve("optional/aws"), _ -> true)).contains("secretsmanager", "sts");
    assertThat(jars(LIB.resolve("optional/gcp"), _ -> true)).contains("google-cloud-secretmanager");
    assertThat(jars(LIB.resolve("optional/cloudwatch"), _ -> true))
        .contains("cloudwatch", "micrometer-registry-cloudwatch2");
    assertThat(
            all.stream()
                .filter(jar -> !ALIKE.contains(jar))
                .collect(Collectors.groupingBy(jar -> jar, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > 1))
        .isEmpty();
  }

  @Test
  void a_sidecar_without_them_says_where_they_are_to_be_had_and_does_all_else() throws Exception {
    var lean = LeanDistribution.in(folder);
    try (var stack =
        Stack.startFrom(
            lean,
            Files.createDirectory(folder.resolve("run")),
            SidecarProcess.HASTY.toArray(String[]::new))) {
      stack.mountReady("genesys");

      var aws =
          stack.http.put(
              "genesys/destinations/a",
              Map.of("kind", "aws_secrets_manager", "region", "eu-central-1"));
      var google =
          stack.http.put(
              "genesys/destinations/g",
              Map.of("kind", "gcp_secret_manager", "project_id", "acme-prod"));

      assertThat(aws.status()).isEqualTo(400);
      assertThat(aws.body().toString())
          .contains("the kind aws_secrets_manager needs a library", "lib/optional/aws");
      assertThat(google.status()).isEqualTo(400);
      assertThat(google.body().toString()).contains("lib/optional/gcp");
      stack.http.must("genesys/destinations/i", Map.of("kind", "integration_credential"));
      assertThat(stack.client.logical().read("genesys/creds/demo").getData())
          .containsKey("client_secret");
      System.out.printf("without them the sidecar has %d MB%n", stack.sidecarMegabytes());
    }
  }

  @Test
  void one_that_is_to_have_them_does_not_start_without() throws Exception {
    for (var each : List.of("aws", "gcp", "cloudwatch")) {
      var log = folder.resolve(each + ".log");
      try (var process =
          RealProcess.start(
              log,
              Map.of("JAVA_HOME", System.getProperty("java.home")),
              List.of(
                  SidecarProcess.launcher(LeanDistribution.in(folder)).toString(),
                  "--socket=" + folder.resolve(each + ".sock"),
                  "--enable=" + each))) {
        assertThat(process.awaitEnd(PATIENCE)).isEqualTo(1);
        assertThat(process.log())
            .contains("--enable names %s, whose library is not there".formatted(each));
      }
    }
  }
}
