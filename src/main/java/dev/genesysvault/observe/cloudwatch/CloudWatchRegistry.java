package dev.genesysvault.observe.cloudwatch;

import dev.genesysvault.destination.aws.ProcessAccess;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.network.Transport;
import dev.genesysvault.observe.PushTarget;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** Micrometer's registry for CloudWatch, with no more series than somebody wants to pay for. */
final class CloudWatchRegistry {
  /** Each is paid for on its own, and roles come and go. */
  private static final Set<String> OF_ROLES =
      Stream.of(Metric.values())
          .filter(Metric::namesRoles)
          .map(Metric::fullName)
          .collect(Collectors.toUnmodifiableSet());

  private CloudWatchRegistry() {}

  static PushTarget begin(
      String namespace, Duration interval, Transport transport, Time time, Locks locks)
      throws IOException {
    var region = region(namespace);
    var access = ProcessAccess.in(region.id(), transport, time, locks);
    var sender = new PutMetricData(access, region, time);
    return new PushTarget(
        registry(namespace, interval, new Batches(sender::put, new BugLog(time))));
  }

  private static Region region(String namespace) throws IOException {
    try {
      return new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException e) {
      throw new IOException(
          "--metrics-cloudwatch-namespace is \"%s\", and no region is given: set AWS_REGION for the sidecar's process"
              .formatted(namespace),
          e);
    }
  }

  static CloudWatchMeterRegistry registry(String namespace, Duration interval, Batches batches) {
    var registry =
        new CloudWatchMeterRegistry(
            new Config(namespace, interval),
            Clock.SYSTEM,
            batches,
            Thread.ofPlatform().daemon().name("cloudwatch-push").factory());
    registry.config().namingConvention(new Names());
    registry
        .config()
        .meterFilter(MeterFilter.deny(id -> OF_ROLES.contains(id.getName())))
        .meterFilter(new WithoutBuckets());
    return registry;
  }

  /** What Micrometer would read from elsewhere is the sidecar's to say. */
  private record Config(String name, Duration interval) implements CloudWatchConfig {
    private static final int BATCH = 500;

    @Override
    public @Nullable String get(String key) {
      return null;
    }

    @Override
    public String namespace() {
      return name;
    }

    @Override
    public Duration step() {
      return interval;
    }

    @Override
    public int batchSize() {
      return BATCH;
    }
  }

  /** Each bucket would be a metric of its own. */
  private static final class WithoutBuckets implements MeterFilter {
    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
      return DistributionStatisticConfig.builder()
          .serviceLevelObjectives()
          .percentilesHistogram(false)
          .build()
          .merge(DistributionStatisticConfig.DEFAULT);
    }
  }

  /**
   * Names are those of the list, but for a dot that Micrometer needs elsewhere; values of
   * dimensions are ASCII, which CloudWatch wants.
   */
  private static final class Names implements NamingConvention {
    @Override
    public String name(String name, Meter.Type type, @Nullable String baseUnit) {
      return name.replace(".info", "_info");
    }

    @Override
    public String tagValue(String value) {
      var ascii = new StringBuilder(value.length());
      value.codePoints().forEach(c -> ascii.append(c >= ' ' && c <= '~' ? (char) c : '?'));
      return ascii.toString();
    }
  }
}
