package dev.genesysvault.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A seed is one schedule in every process, to the bit: nothing in it hangs on what a JVM chooses
 * anew at each start, such as the order of its immutable sets.
 */
@Tag("slow")
final class ReproductionTest {
  private static final int RANDOM = 200;
  private static final Pattern REPORT =
      Pattern.compile("([0-9,]+) schedules, ([0-9,]+) events, hash ([0-9a-f]{16})");

  @TempDir Path folder;

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void the_same_happens_in_every_process() throws Exception {
    var names =
        Stream.concat(
                Flow.all().stream().map(flow -> flow.name() + ":-1:NONE:1"),
                IntStream.rangeClosed(1, RANDOM).mapToObj(Integer::toString))
            .collect(Collectors.joining(","));
    var processes = new ArrayList<Process>();
    for (var name : List.of("first", "second")) {
      processes.add(simulate(names, folder.resolve(name)));
    }
    for (var process : processes) {
      assertThat(process.waitFor()).isZero();
    }

    assertThat(report("first")).isEqualTo(report("second"));
  }

  private static Process simulate(String names, Path output) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "-Dsimulation.seed=" + names,
            SimulationMain.class.getName())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private List<String> report(String name) throws IOException {
    var text = Files.readString(folder.resolve(name));
    var report = REPORT.matcher(text);
    assertThat(report.find()).as(text).isTrue();
    return List.of(report.group(1), report.group(2), report.group(3));
  }
}
