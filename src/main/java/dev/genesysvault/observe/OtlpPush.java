package dev.genesysvault.observe;

import dev.genesysvault.network.GivenUrls;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Time;
import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes metrics over OTLP: Protobuf over HTTP, cumulative, under the names that a scrape shows.
 * Goes the sidecar's way to the network, follows no redirect, and tells of failures once a minute
 * at most; what a push did not bring, the next one does.
 */
public final class OtlpPush implements OtlpMetricsSender {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpPush.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI endpoint;
  private final Optional<HeadersFile> headers;
  private final Transport transport;
  private final BugLog bugs;

  private OtlpPush(URI endpoint, Optional<HeadersFile> headers, Transport transport, BugLog bugs) {
    this.endpoint = endpoint;
    this.headers = headers;
    this.transport = transport;
    this.bugs = bugs;
  }

  /**
   * Begins to push.
   *
   * @param endpoint the whole URL
   * @param headersFile whose headers are sent along; empty for none
   * @param interval between two pushes
   * @param version of the sidecar
   * @throws IOException if the file does not hold headers; its message says why and what to do
   */
  public static PushTarget begin(
      URI endpoint,
      Optional<Path> headersFile,
      Duration interval,
      String version,
      Transport transport,
      Time time)
      throws IOException {
    var sender = sender(endpoint, headersFile, transport, time);
    if (sender.headers.isPresent()) {
      var _ = sender.headers.get().read();
    }
    var registry =
        OtlpMeterRegistry.builder(new Config(interval, ServiceIdentity.of(version)))
            .clock(Clock.SYSTEM)
            .metricsSender(sender)
            .threadFactory(Thread.ofPlatform().daemon().name("otlp-push").factory())
            .build();
    registry.config().namingConvention(ShownNames.AS_SCRAPED);
    return new PushTarget(registry);
  }

  /** Returns what sends each push. */
  static OtlpPush sender(URI endpoint, Optional<Path> headersFile, Transport transport, Time time) {
    return new OtlpPush(endpoint, headersFile.map(HeadersFile::new), transport, new BugLog(time));
  }

  /** What Micrometer would read from the environment is the sidecar's to say. */
  private record Config(Duration interval, ServiceIdentity identity) implements OtlpConfig {
    @Override
    public @Nullable String get(String key) {
      return null;
    }

    @Override
    public Duration step() {
      return interval;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    @Override
    public Map<String, String> resourceAttributes() {
      return identity.attributes();
    }

    @Override
    public TimeUnit baseTimeUnit() {
      return TimeUnit.SECONDS;
    }
  }

  @Override
  public void send(Request request) {
    try {
      var all = new TreeMap<String, String>();
      if (headers.isPresent()) {
        all.putAll(headers.get().read());
      }
      all.put("Content-Type", "application/x-protobuf");
      var status = new AtomicInteger();
      transport.exchange(
          new Transport.Request("POST", endpoint, all, request.getMetricsData(), TIMEOUT),
          (head, _) -> status.set(head.status()));
      if (status.get() / 100 != 2) {
        failed("HTTP " + status.get());
      }
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void failed(String reason) {
    bugs.count("push")
        .ifPresent(count ->
            LOG.atWarn()
                .addKeyValue("endpoint", GivenUrls.shown(endpoint.toString(), 200))
                .addKeyValue("reason", reason)
                .addKeyValue("count", count)
                .log("metrics could not be pushed over OTLP; the next push brings them"));
  }
}
