package dev.genesysvault.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How soon a sidecar is there, and how much memory it has. */
final class PerformanceStarts {
  private static final int CALLERS = 8;
  private static final Duration LONG_ENOUGH = Duration.ofHours(1);
  // By then a plugin looks as seldom as it does for a sidecar that was away for long.
  private static final Duration AWAY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final PerformanceSettings settings;
  private final PerformanceStacks stacks;

  /** Measures as the settings say. */
  PerformanceStarts(PerformanceSettings settings, PerformanceStacks stacks) {
    this.settings = settings;
    this.stacks = stacks;
  }

  /** What was measured of one build. */
  private record Measured(
      String build,
      PerformanceStack stack,
      List<Long> ready,
      List<Long> first,
      List<String> memory) {
    static Measured of(String build, PerformanceStack stack) {
      return new Measured(build, stack, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /** Returns a table in Markdown. */
  String table() throws Exception {
    var builds = new ArrayList<Measured>();
    for (var stack : stacks.all()) {
      builds.add(Measured.of(builds.isEmpty() ? "this one" : "baseline", stack));
    }
    var bare = new ArrayList<Long>();
    for (int i = 0; i < settings.starts(); i++) {
      bare.add(bareJava());
      for (var build : builds) {
        start(build);
      }
    }
    for (var build : builds) {
      grow(build);
    }

    var text =
        new StringBuilder(
            "%n### Start-up and memory, medians of %d starts, in memory%n%n"
                .formatted(settings.starts()));
    text.append(
        "| build | `java -version` | ready | first credential | MB when ready | MB after credentials |%n|---|--:|--:|--:|--:|---|%n"
            .formatted());
    for (var build : builds) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d ms | %d ms | %d ms | %s | %s |%n",
              build.build(),
              median(bare),
              median(build.ready()),
              median(build.first()),
              build.memory().getFirst(),
              String.join(", ", build.memory().subList(1, build.memory().size()))));
    }
    return text.toString();
  }

  private static void start(Measured build) throws Exception {
    var stack = build.stack().stack;
    stack.killSidecar();
    Thread.sleep(AWAY);
    long begun = System.nanoTime();
    stack.startSidecar();
    awaitListening(stack);
    build.ready().add(millisecondsSince(begun));
    Eventually.is(
        "a credential is issued",
        PATIENCE,
        PAUSE,
        () -> stack.http.get("genesys/creds/demo").status() == 200);
    build.first().add(millisecondsSince(begun));
  }

  private static void awaitListening(Stack stack) throws Exception {
    Eventually.is("the sidecar listens", PATIENCE, PAUSE, stack::sidecarListens);
  }

  private void grow(Measured build) throws Exception {
    var stack = build.stack().stack;
    stack.killSidecar();
    stack.startSidecar();
    awaitListening(stack);
    build.memory().add(String.valueOf(stack.sidecarMegabytes()));
    int issued = 0;
    for (int credentials : settings.credentials()) {
      var left = new AtomicInteger(credentials - issued);
      var _ =
          PerformanceRound.of(
              CALLERS, LONG_ENOUGH, () -> left.getAndDecrement() > 0 && build.stack().issueApart());
      issued = credentials;
      build.memory().add("%d: %d".formatted(credentials, stack.sidecarMegabytes()));
    }
  }

  private static long bareJava() throws Exception {
    long begun = System.nanoTime();
    var process =
        new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new AssertionError("java -version ended with " + process.exitValue());
    }
    return millisecondsSince(begun);
  }

  private static long millisecondsSince(long begun) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
