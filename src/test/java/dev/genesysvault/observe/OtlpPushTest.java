package dev.genesysvault.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.Exposition;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedCollector;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is pushed over OTLP is what a scrape shows. */
@Timeout(60)
final class OtlpPushTest {
  private static final URI ENDPOINT = URI.create("https://otlp.example/v1/metrics?a=s3cr3t-query");

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  @TempDir Path folder;
  private final FakeTime time = new FakeTime();
  private final PlayedCollector collector = new PlayedCollector();

  private Metrics metrics(Optional<Path> headers) throws IOException {
    var target = OtlpPush.begin(ENDPOINT, headers, Duration.ofHours(1), "v9.9.9", collector, time);
    return new Metrics(
        "v9.9.9", false, List.of(target), time, new SystemLocks(), (_, _) -> () -> {});
  }

  private static void report(Metrics metrics) {
    metrics.add(readings -> {
      readings.present("genesys/");
      readings.is(Metric.CLIENTS, 7, "genesys/", "issued");
      readings.is(Metric.SESSION_OPEN, 1, "genesys/");
      readings.begun(Metric.REQUESTS, "genesys/", "creds/name", "read", "bug");
    });
    for (int i = 0; i < 3; i++) {
      metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
      metrics.meters().took(Metric.GENESYS_WAIT_DURATION, 250_000_000L, "issue");
      metrics.meters().held(Metric.REQUEST_STORAGE_OPERATIONS, 4, "creds/name", "read");
    }
  }

  @Test
  void the_last_push_brings_what_a_scrape_shows_under_the_same_names() throws Exception {
    var metrics = metrics(Optional.empty());
    report(metrics);
    time.advance(Duration.ofSeconds(2));
    var scraped = Exposition.parse(new String(metrics.page("").body(), UTF_8));

    metrics.close();

    var pushed = collector.numbers();
    assertThat(pushed)
        .containsEntry("genesys_vault_clients[mount=genesys/, state=issued]", 7.0)
        .containsEntry("genesys_vault_session_open[mount=genesys/]", 1.0)
        .containsEntry(
            "genesys_vault_requests_total[mount=genesys/, operation=read, path=creds/name, result=ok]",
            3.0)
        .containsEntry(
            "genesys_vault_requests_total[mount=genesys/, operation=read, path=creds/name, result=bug]",
            0.0)
        .containsEntry("genesys_vault_genesys_wait_duration_seconds_count[lane=issue]", 3.0)
        .containsEntry("genesys_vault_genesys_wait_duration_seconds_sum[lane=issue]", 0.75);
    for (var name : List.of("genesys_vault_clients", "genesys_vault_requests_total")) {
      assertThat(scraped.family(name)).isNotEmpty();
      assertThat(
              pushed.entrySet().stream()
                  .filter(line -> line.getKey().startsWith(name + "["))
                  .mapToDouble(line -> line.getValue())
                  .sum())
          .as(name)
          .isEqualTo(scraped.sum(name), within(0.001));
    }
    assertThat(collector.last())
        .extracting(io.opentelemetry.proto.metrics.v1.Metric::getName)
        .contains("genesys_vault_build_info", "jvm_memory_used_bytes", "process_cpu_time_ns_total")
        .allMatch(name -> scraped.names().stream().anyMatch(it -> it.startsWith(name)));
  }

  @Test
  void each_sidecar_pushes_under_an_identity_of_its_own() throws Exception {
    for (int i = 0; i < 2; i++) {
      metrics(Optional.empty()).close();
    }

    var pushed = collector.requests.stream().map(PlayedCollector::resource).toList();
    assertThat(pushed)
        .hasSize(2)
        .allSatisfy(resource ->
            assertThat(resource)
                .containsEntry("service.name", "genesys-sidecar")
                .containsEntry("service.version", "v9.9.9")
                .containsEntry("host.name", Files.readString(HOST_NAME).strip()));
    var ids = pushed.stream().map(resource -> resource.get("service.instance.id")).toList();
    assertThat(ids).allSatisfy(id -> assertThat(UUID.fromString(id).version()).isEqualTo(4));
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void it_is_a_post_of_protobuf_with_the_headers_of_the_file_as_they_are_by_then()
      throws Exception {
    var file = Files.writeString(folder.resolve("headers"), "Authorization: Api-Token first");
    var metrics = metrics(Optional.of(file));
    Files.writeString(file, "Authorization: Api-Token second\n");
    metrics.close();

    var request = collector.requests.getLast();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo(ENDPOINT);
    assertThat(request.headers())
        .containsEntry("Authorization", "Api-Token second")
        .containsEntry("Content-Type", "application/x-protobuf");
    assertThat(request.toString()).doesNotContain("second");
  }

  @Test
  void a_receiver_that_hangs_does_not_hold_up_the_end_nor_the_last_push_elsewhere()
      throws Exception {
    var cut = new CountDownLatch(1);
    var hanging =
        OtlpPush.begin(
            ENDPOINT,
            Optional.empty(),
            Duration.ofHours(1),
            "v9.9.9",
            (_, _) -> {
              try {
                new CountDownLatch(1).await();
              } finally {
                cut.countDown();
              }
            },
            time);
    var well =
        OtlpPush.begin(ENDPOINT, Optional.empty(), Duration.ofHours(1), "v9.9.9", collector, time);
    var metrics =
        new Metrics(
            "v9.9.9", false, List.of(hanging, well), time, new SystemLocks(), (_, _) -> () -> {});
    report(metrics);
    try (var logs = new CapturedLogs()) {
      metrics.close(Duration.ofSeconds(1));

      assertThat(cut.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(logs.lines(Level.WARN))
          .filteredOn(line -> line.contains("the last metrics could not be pushed"))
          .hasSize(1);
    }
    assertThat(collector.numbers()).containsKey("genesys_vault_session_open[mount=genesys/]");
  }

  @Test
  void a_file_that_holds_no_headers_is_told_at_the_start() {
    assertThatThrownBy(() -> metrics(Optional.of(folder.resolve("none"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it does not exist");
  }

  @Test
  void failures_are_told_once_a_minute_without_keys() throws Exception {
    var file = Files.writeString(folder.resolve("headers"), "Authorization: s3cr3t-key");
    var sender = OtlpPush.sender(ENDPOINT, Optional.of(file), collector, time);
    var request = OtlpMetricsSender.Request.builder(new byte[] {1}).build();
    try (var logs = new CapturedLogs()) {
      for (int status : new int[] {503, 0, 302, 400}) {
        collector.status = status;
        sender.send(request);
      }
      assertThat(logs.lines(Level.WARN)).singleElement().asString().contains("HTTP 503");
      time.advance(Duration.ofMinutes(1));
      Files.writeString(file, "s3cr3t-key");
      sender.send(request);
      collector.status = 200;
      Files.delete(file);
      sender.send(request);

      assertThat(logs.lines(Level.WARN)).hasSize(2);
      assertThat(logs.lines(Level.WARN).toString())
          .contains("count=\"4\"", "line 1 is no header")
          .doesNotContain("s3cr3t");
    }
  }
}
