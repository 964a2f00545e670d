package dev.genesysvault.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How soon a sidecar takes connections, how much CPU that took and memory it has then, without the
 * optional libraries, with them, and where they are loaded at the start; each with the JVM's cache
 * and without. Their starts are interleaved; {@code -Dstarts=9} is how many there are of each.
 */
final class OptionalLibrariesBenchmark {
  private static final int STARTS = Integer.getInteger("starts", 9);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final String NO_CACHE = "none";

  @TempDir Path folder;

  /** One way to start, and what came of it. */
  private record Way(
      String name,
      Path distribution,
      String cache,
      List<String> flags,
      List<Long> millis,
      List<Long> cpuMillis,
      List<Long> megabytes) {
    Way(String name, Path distribution, String cache, String... flags) {
      this(
          name,
          distribution,
          cache,
          List.of(flags),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void starts() throws Exception {
    var lean = LeanDistribution.in(folder);
    var full = SidecarProcess.DISTRIBUTION;
    var ofLean = trained(lean);
    var ofFull = trained(full);
    var loading = "--enable=aws,gcp";
    var ways =
        List.of(
            new Way("without them", lean, NO_CACHE),
            new Way("with them", full, NO_CACHE),
            new Way("loaded at the start", full, NO_CACHE, loading),
            new Way("without them, from the cache", lean, ofLean),
            new Way("with them, from the cache", full, ofFull),
            new Way("loaded at the start, from the cache", full, ofFull, loading));

    for (int i = 0; i < STARTS; i++) {
      for (var way : ways) {
        start(way);
      }
    }

    System.out.println("| | ready | to that without them | CPU | MB |\n|---|--:|--:|--:|--:|");
    for (int i = 0; i < ways.size(); i++) {
      var way = ways.get(i);
      System.out.printf(
          Locale.ROOT,
          "| %s | %d ms | %.2f | %d ms | %d |%n",
          way.name(),
          median(way.millis()),
          (double) median(way.millis()) / median(ways.get(i < 3 ? 0 : 3).millis()),
          median(way.cpuMillis()),
          median(way.megabytes()));
    }
  }

  private String trained(Path distribution) throws IOException, InterruptedException {
    var cache = folder.resolve(distribution.getFileName() + ".aot").toString();
    var _ =
        SidecarProcess.train(
            SidecarProcess.launcher(distribution), Map.of("GENESYS_SIDECAR_AOT_CACHE", cache));
    return cache;
  }

  private void start(Way way) throws Exception {
    var run = Files.createTempDirectory(folder, "run");
    long begun = System.nanoTime();
    try (var sidecar =
        new SidecarProcess(
            SidecarProcess.launcher(way.distribution()),
            run,
            way.flags(),
            Map.of("GENESYS_SIDECAR_AOT_CACHE", way.cache()))) {
      Eventually.is("the sidecar listens", PATIENCE, PAUSE, sidecar::listens);
      way.millis().add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      way.cpuMillis()
          .add(
              ProcessHandle.of(sidecar.pid())
                  .flatMap(it -> it.info().totalCpuDuration())
                  .orElseThrow()
                  .toMillis());
      way.megabytes().add(Stack.megabytes(sidecar.pid()));
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
