package dev.genesysvault.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulation must be able to fail: each patch in {@code src/test/mutations} breaks the order in
 * which the product does things, and some schedule must show that. A patch is applied to a copy of
 * the files that it names, so the sources stay as they are. Its line {@code Caught by:} names a
 * schedule that showed it once, which is tried alone before all of them are.
 */
final class MutationsTest {
  private static final Path PATCHES = Path.of("src/test/mutations");
  private static final Pattern PATCHED = Pattern.compile("(?m)^\\+\\+\\+ b/(src/main/java/\\S+)$");
  private static final Pattern SCHEDULE = Pattern.compile("schedule (\\S+) violates: (.*)");
  private static final Pattern CAUGHT_BY = Pattern.compile("(?m)^Caught by: (\\S+)$");
  private static final String CLASSPATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir Path folder;

  static Stream<String> mutations() throws IOException {
    try (var files = Files.list(PATCHES)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("mutations")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void is_caught(String mutation) throws Exception {
    var patch = PATCHES.resolve(mutation).toAbsolutePath();
    compile(apply(patch));

    var caughtBefore = CAUGHT_BY.matcher(Files.readString(patch));
    var violation = SCHEDULE.matcher(caughtBefore.find() ? simulate(caughtBefore.group(1)) : "");
    if (!violation.find()) {
      violation = SCHEDULE.matcher(simulate());
      assertThat(violation.find()).as("%s is caught", mutation).isTrue();
      System.out.printf("%s: write \"Caught by: %s\" into it%n", mutation, violation.group(1));
    }
    System.out.printf("%-45s %-40s %s%n", mutation, violation.group(1), brief(violation.group(2)));
  }

  private static String brief(String violation) {
    return violation.length() > 110 ? violation.substring(0, 110) + "…" : violation;
  }

  private List<Path> apply(Path patch) throws IOException, InterruptedException {
    var files = new ArrayList<Path>();
    var names = PATCHED.matcher(Files.readString(patch));
    while (names.find()) {
      var copy = folder.resolve(names.group(1));
      Files.createDirectories(copy.getParent());
      Files.copy(Path.of(names.group(1)), copy);
      files.add(copy);
    }
    assertThat(files).isNotEmpty();
    run(List.of("git", "apply", "--whitespace=nowarn", patch.toString()), 0);
    return files;
  }

  private void compile(List<Path> files) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var out = Files.createDirectory(folder.resolve("classes"));
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var options = List.of("-d", out.toString(), "-cp", CLASSPATH, "-proc:none", "-nowarn");
      var sources = manager.getJavaFileObjectsFromPaths(files);
      assertThat(compiler.getTask(null, manager, null, options, null, sources).call()).isTrue();
    }
  }

  /** Runs one schedule, which may have been renumbered since it was written down. */
  private String simulate(String schedule) throws IOException, InterruptedException {
    return simulate(List.of("-Dsimulation.seed=" + schedule), 0, 1);
  }

  /** Runs every schedule until one shows something. */
  private String simulate() throws IOException, InterruptedException {
    return simulate(List.of(), 1);
  }

  /** In a process of its own, whose classes are the broken ones where there are such. */
  private String simulate(List<String> properties, Integer... expected)
      throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var path = folder.resolve("classes") + System.getProperty("path.separator") + CLASSPATH;
    var command = new ArrayList<>(List.of(java, "-cp", path));
    command.addAll(properties);
    command.add(SimulationMain.class.getName());
    return run(command, expected);
  }

  private String run(List<String> command, Integer... expected)
      throws IOException, InterruptedException {
    var output = folder.resolve("output");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int status = process.waitFor();
      assertThat(status).as(() -> end(read(output))).isIn((Object[]) expected);
      return read(output);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - 2_000));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
