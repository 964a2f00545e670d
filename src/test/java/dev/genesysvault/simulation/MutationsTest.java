package dev.genesysvault.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulation must be able to fail: each patch in {@code src/test/mutations} breaks the order in
 * which the product does things, and some schedule must show that. A patch is applied to a copy of
 * the files that it names, so the sources stay as they are. Its line {@code Caught by:} names a
 * schedule that showed it once, which is tried alone before all of them are. {@code
 * mutations.share} says how many are tried, spread evenly over all.
 */
@Tag("mutations")
final class MutationsTest {
  private static final Path PATCHES = Path.of("src/test/mutations");
  private static final Pattern PATCHED = Pattern.compile("(?m)^\\+\\+\\+ b/(src/main/java/\\S+)$");
  private static final Pattern SCHEDULE = Pattern.compile("schedule (\\S+) violates: (.*)");
  private static final Pattern CAUGHT_BY = Pattern.compile("(?m)^Caught by: (\\S+)$");
  private static final String CLASSPATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private static BrokenClasses.Compiler compiler;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws IOException {
    compiler = new BrokenClasses.Compiler(CLASSPATH);
  }

  @AfterAll
  static void close() throws IOException {
    compiler.close();
  }

  static Stream<String> mutations() throws IOException {
    try (var files = Files.list(PATCHES)) {
      var all = files.map(file -> file.getFileName().toString()).sorted().toList();
      int share = Math.clamp(Integer.getInteger("mutations.share", all.size()), 1, all.size());
      return IntStream.range(0, share).mapToObj(i -> all.get(i * all.size() / share));
    }
  }

  @ParameterizedTest
  @MethodSource("mutations")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void is_caught(String mutation) throws Exception {
    var patch = PATCHES.resolve(mutation).toAbsolutePath();
    var files = apply(patch);
    var broken = Files.createDirectory(folder.resolve("classes"));
    assertThat(compiler.compile(files, broken)).isTrue();

    var caughtBefore = CAUGHT_BY.matcher(Files.readString(patch));
    // That schedule came to its end before, so it may run here; the others need a process to kill.
    var violation =
        SCHEDULE.matcher(caughtBefore.find() ? simulate(broken, caughtBefore.group(1)) : "");
    if (!violation.find()) {
      violation = SCHEDULE.matcher(simulateAll(broken));
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

  /** Runs a schedule, which may have another name, or mean another thing, since it was named. */
  private static String simulate(Path broken, String schedule) throws ReflectiveOperationException {
    try {
      return new BrokenClasses(broken).simulate(schedule);
    } catch (InvocationTargetException _) {
      return "";
    }
  }

  /** Runs every schedule until one shows something, where classes are the broken ones if any. */
  private String simulateAll(Path broken) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var path = broken + System.getProperty("path.separator") + CLASSPATH;
    return run(List.of(java, "-cp", path, SimulationMain.class.getName()), 1);
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
