package dev.genesysvault.observe.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.observe.Metrics;
import dev.genesysvault.observe.PushTarget;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;

/** What CloudWatch gets, under which names, and that it is no more than that. */
final class CloudWatchRegistryTest {
  private final FakeTime time = new FakeTime();
  private final List<PutMetricDataRequest> sent = new ArrayList<>();
  private boolean refuses;

  private void put(PutMetricDataRequest batch) throws IOException {
    if (refuses) {
      throw new IOException("AWS answers HTTP 403, AccessDenied");
    }
    sent.add(batch);
  }

  private Metrics metrics() {
    var registry =
        CloudWatchRegistry.registry(
            "Genesys/Vault", Duration.ofHours(1), new Batches(this::put, new BugLog(time)));
    return new Metrics(
        "v9.9.9",
        true,
        List.of(new PushTarget(registry)),
        time,
        new SystemLocks(),
        (_, _) -> () -> {});
  }

  private static void report(Metrics metrics) {
    metrics.add(readings -> {
      readings.present("genesys-é/");
      readings.is(Metric.SESSION_OPEN, 0, "genesys-é/");
      readings.is(Metric.STATIC_ROLE_IN_TROUBLE, 1, "genesys-é/", "payroll");
      readings.begun(Metric.GENESYS_TURNED_AWAY, "issue");
    });
    metrics.meters().count(Metric.REQUESTS, "genesys-é/", "creds/name", "read", "ok");
    metrics.meters().count(Metric.REQUESTS, "genesys-é/", "creds/name", "read", "ok");
    metrics.meters().count(Metric.ROLE_REQUESTS, "genesys-é/", "creds/name", "payroll", "ok");
    metrics.meters().took(Metric.GENESYS_WAIT_DURATION, 250_000_000L, "issue");
  }

  private List<MetricDatum> data() {
    return sent.stream().flatMap(batch -> batch.metricData().stream()).toList();
  }

  private double value(String name) {
    return data().stream()
        .filter(datum -> datum.metricName().equals(name))
        .mapToDouble(MetricDatum::value)
        .sum();
  }

  private List<String> names() {
    return data().stream().map(MetricDatum::metricName).toList();
  }

  @Test
  void the_last_push_brings_what_happened_with_its_dimensions() {
    var metrics = metrics();
    report(metrics);
    metrics.close();

    assertThat(sent).allMatch(batch -> batch.namespace().equals("Genesys/Vault"));
    assertThat(value("genesys_vault_requests_total.count")).isEqualTo(2);
    assertThat(value("genesys_vault_genesys_wait_duration_seconds.count")).isEqualTo(1);
    assertThat(names())
        .contains(
            "genesys_vault_session_open.value",
            "genesys_vault_genesys_wait_duration_seconds.avg",
            "genesys_vault_genesys_wait_duration_seconds.max",
            "genesys_vault_genesys_wait_duration_seconds.sum",
            "jvm.memory.used.value");
    assertThat(
            data().stream()
                .filter(datum -> datum.metricName().equals("genesys_vault_requests_total.count"))
                .flatMap(datum -> datum.dimensions().stream())
                .map(Dimension::value))
        .containsExactlyInAnyOrder("genesys-?/", "creds/name", "read", "ok");
  }

  @Test
  void what_did_not_happen_buckets_and_roles_are_not_paid_for() {
    var metrics = metrics();
    report(metrics);
    metrics.close();

    assertThat(names())
        .doesNotContain("genesys_vault_genesys_turned_away_total.count")
        .noneMatch(name -> name.contains("histogram"))
        .noneMatch(name -> name.contains("static_role_in_trouble"))
        .noneMatch(name -> name.contains("role_requests"));
    assertThat(data().toString()).doesNotContain("payroll");
  }

  @Test
  void a_push_that_is_refused_is_told_once_a_minute() {
    refuses = true;
    var batches = new Batches(this::put, new BugLog(time));
    var one = MetricDatum.builder().metricName("a.value").value(1.0).build();
    var batch = PutMetricDataRequest.builder().namespace("n").metricData(one).build();
    try (var logs = new CapturedLogs()) {
      assertThat(batches.putMetricData(batch)).isCompleted();
      assertThat(batches.putMetricData(batch)).isCompleted();
      assertThat(logs.lines(Level.WARN)).singleElement().asString().contains("AccessDenied");
    }
  }
}
