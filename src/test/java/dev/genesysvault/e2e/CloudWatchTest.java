package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a sidecar that is set up by AWS's usual variables puts into CloudWatch, as moto plays it.
 * Moto knows neither permissions nor signatures.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CloudWatchTest {
  private static final String NAMESPACE = "Genesys/Vault";
  private static final String KEY =
      "AWS4-HMAC-SHA256 Credential=AKIA0000000000000001/20260101/eu-central-1/monitoring/aws4_request";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_METRICS = 10_000;

  private final Path folder;
  private MotoServer moto;
  private CloudWatchFront cloudWatch;

  CloudWatchTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  void start() throws Exception {
    moto = MotoServer.start(folder);
    cloudWatch = new CloudWatchFront(moto.address());
  }

  @AfterAll
  void stop() {
    cloudWatch.close();
    moto.close();
  }

  /** Returns the names of the metrics that moto has. */
  private List<String> kept() throws IOException {
    var answer =
        cloudWatch.ask(Map.of("Action", "ListMetrics", "Namespace", NAMESPACE), KEY).body();
    var names = new TreeSet<String>();
    int at = answer.indexOf("<MetricName>");
    while (at >= 0) {
      int begin = at + "<MetricName>".length();
      names.add(answer.substring(begin, answer.indexOf('<', begin)));
      at = answer.indexOf("<MetricName>", begin);
    }
    return List.copyOf(names);
  }

  private List<String> put() {
    return cloudWatch.data.stream()
        .map(datum -> String.valueOf(datum.get("MetricName")))
        .distinct()
        .sorted()
        .toList();
  }

  private Map<String, String> environment() {
    var all = new HashMap<>(cloudWatch.environment());
    all.put("JAVA_HOME", System.getProperty("java.home"));
    return all;
  }

  @Test
  void metrics_arrive_while_it_runs_and_when_it_is_stopped() throws Exception {
    int first;
    try (var sidecar =
        RealProcess.start(
            folder.resolve("sidecar.log"),
            environment(),
            List.of(
                SidecarProcess.LAUNCHER.toString(),
                "--socket=" + folder.resolve("sidecar.sock"),
                "--enable=cloudwatch",
                "--metrics-cloudwatch-namespace=" + NAMESPACE,
                "--metrics-push-interval=10s"))) {
      Eventually.is(
          "metrics have arrived",
          PATIENCE,
          () -> put().contains("genesys_vault_grpc_streams.value"));
      first = cloudWatch.data.size();
      RealProcess.signal(sidecar.pid(), "TERM");
      var _ = sidecar.awaitEnd(PATIENCE);
      assertThat(sidecar.log())
          .doesNotContain("could not be pushed")
          .doesNotContain("s3cr3t-of-nobody");
    }

    assertThat(cloudWatch.data).hasSizeGreaterThan(first);
    assertThat(kept())
        .isEqualTo(put())
        .contains("genesys_vault_build_info.value", "jvm.memory.used.value")
        .allMatch(name ->
            List.of("value", "count", "sum", "avg", "max")
                .contains(Texts.split(name, '.', 10).getLast()));
    assertThat(cloudWatch.data).hasSizeLessThan(MOST_METRICS);
    System.out.printf("an idle sidecar puts %d names, %d data first%n", put().size(), first);
  }
}
