package dev.genesysvault.benchmark;

import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.observe.Metrics;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How much of the processor time of an issue its metrics are: {@code issue} is one that nobody
 * measures, over a network and a storage in memory; {@code reports} is all that one reports, and
 * the clock that is read for that. The real one costs more, for its sockets, and its metrics do
 * not.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g"})
public class MetricsBenchmark {
  private static final double MOST_PERCENT = 2;

  private final List<Consumer<Meters>> reported = new ArrayList<>();
  private final SystemTime time = new SystemTime();
  private final Metrics metrics = new Metrics("v1.0.0", false, time, new SystemLocks());
  private IssueBench bench = new IssueBench(Meters.NONE);
  private int issues;

  /** Notes all that one issue reports, to be reported again and again. */
  private final class Noted implements Meters {
    @Override
    public void count(Metric metric, String... labels) {
      reported.add(meters -> meters.count(metric, labels.clone()));
    }

    @Override
    public void countKnown(Metric metric, String... labels) {
      reported.add(meters -> meters.countKnown(metric, labels.clone()));
    }

    @Override
    public void took(Metric metric, long nanos, String... labels) {
      reported.add(meters -> {
        long begun = time.nanos();
        meters.took(metric, time.nanos() - begun + nanos, labels.clone());
      });
    }

    @Override
    public void held(Metric metric, long amount, String... labels) {
      reported.add(meters -> meters.held(metric, amount, labels.clone()));
    }
  }

  /** Begins with a mount that has no client. */
  @Setup(Level.Iteration)
  public void begin() throws InterruptedException {
    bench = new IssueBench(Meters.NONE);
    var noted = new IssueBench(new Noted());
    noted.issue("first");
    // What was reported of the log-in and of the configuration is no issue's.
    reported.clear();
    noted.issue("second");
  }

  /** Ends the metrics. */
  @TearDown
  public void end() {
    metrics.close();
  }

  /** One issue that nobody measures. */
  @Benchmark
  public Object issue() throws InterruptedException {
    return bench.issue("request-" + ++issues);
  }

  /** All that one issue reports. */
  @Benchmark
  public void reports() {
    var meters = metrics.meters();
    for (var each : reported) {
      each.accept(meters);
    }
  }

  /** Runs both, prints the share, and fails where it is more than is allowed. */
  public static void main(String[] args) throws Exception {
    var options = new OptionsBuilder().include(MetricsBenchmark.class.getName()).build();
    double issue = 0;
    double reports = 0;
    for (var result : new Runner(options).run()) {
      double score = result.getPrimaryResult().getScore();
      if (result.getPrimaryResult().getLabel().equals("issue")) {
        issue = score;
      } else {
        reports = score;
      }
    }
    double percent = 100 * reports / issue;
    System.out.printf(
        "an issue: %.1f µs; its metrics: %.2f µs, %.2f %% of it; at most %.0f %% are allowed%n",
        issue / 1_000, reports / 1_000, percent, MOST_PERCENT);
    if (percent > MOST_PERCENT) {
      throw new IllegalStateException("metrics cost too much");
    }
  }
}
