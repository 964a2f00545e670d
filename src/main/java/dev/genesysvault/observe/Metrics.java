package dev.genesysvault.observe;

import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.ProcessMetric;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of this process, in Micrometer: what rooms count and time, what their gauges say when
 * somebody asks, and what the JVM says of itself. One scrape is worked out at a time, and serves
 * whoever asks within the next second, so that asking costs next to nothing however often it is
 * done.
 */
public final class Metrics implements MetricsText, AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final int FIRST_BYTES = 16 * 1024;

  private final Time time;
  private final Locks.Monitor monitor;
  private final PrometheusMeterRegistry registry;
  private final LabelBounds bounds;
  private final MicrometerMeters meters;
  private final GaugeBoard gauges;
  private final List<Gauges> sources = new CopyOnWriteArrayList<>();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<Accepted, Kept> kept = new EnumMap<>(Accepted.class);

  /**
   * Makes one that knows of nothing but the process.
   *
   * @param version of the sidecar
   * @param rolesNamed whether metrics may name roles
   */
  public Metrics(String version, boolean rolesNamed, Time time, Locks locks) {
    this.time = time;
    this.monitor = locks.monitor();
    this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(MeterFilter.denyUnless(this::listed));
    this.bounds = new LabelBounds(time.nanos());
    this.meters = new MicrometerMeters(registry, bounds, rolesNamed);
    this.gauges = new GaugeBoard(registry, bounds, rolesNamed);
    Stream.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            collections,
            new ProcessorMetrics(),
            new UptimeMetrics(),
            new FileDescriptorMetrics())
        .forEach(binder -> binder.bindTo(registry));
    add(readings -> readings.is(Metric.BUILD, 1, version, String.valueOf(Runtime.version())));
  }

  private record Kept(long since, Page page) {}

  /** Every name that is reported. */
  private static final Set<String> NAMES =
      Stream.concat(
              Stream.of(Metric.values()).map(Metric::fullName),
              Stream.of(ProcessMetric.values()).map(ProcessMetric::fullName))
          .map(Metrics::bare)
          .collect(Collectors.toUnmodifiableSet());

  private boolean listed(Meter.Id id) {
    var name = bare(id.getConventionName(registry.config().namingConvention()));
    // Micrometer adds the unit of what tells a time later.
    return NAMES.contains(name) || NAMES.contains(name + "_seconds");
  }

  /** Whether these ends are a part of a name depends on who is asked. */
  private static String bare(String name) {
    for (var end : List.of("_total", "_info")) {
      if (name.endsWith(end)) {
        return name.substring(0, name.length() - end.length());
      }
    }
    return name;
  }

  /** Returns where rooms report to. */
  public Meters meters() {
    return meters;
  }

  /** Asks one more source at each scrape from now on. */
  public void add(Gauges source) {
    sources.add(source);
  }

  @Override
  public Page page(String accept) {
    var form = Accepted.of(accept);
    monitor.lock();
    try {
      var last = kept.get(form);
      long now = time.nanos();
      if (last != null && now - last.since < FRESH.toNanos()) {
        return last.page;
      }
      ask(now);
      var page = new Page(form.contentType(), text(form, last));
      kept.put(form, new Kept(now, page));
      return page;
    } finally {
      monitor.unlock();
    }
  }

  private void ask(long now) {
    bounds.at(now);
    meters.noteRoles();
    bounds.renew();
    var told = gauges.ask(sources);
    meters.keep(told.mounts());
    told.begun().forEach(meters::begin);
  }

  private byte[] text(Accepted form, @Nullable Kept last) {
    int expected = last == null ? FIRST_BYTES : last.page.body().length + FIRST_BYTES;
    var text = new ByteArrayOutputStream(expected);
    try {
      registry.scrape(text, form.contentType());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toByteArray();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
