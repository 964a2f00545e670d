package dev.genesysvault.observe;

import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of this process, in Micrometer: what rooms count and time, what their gauges say when
 * somebody asks, and what the JVM says of itself. One scrape is worked out at a time, and serves
 * whoever asks within the next second, so that asking costs next to nothing however often it is
 * done.
 */
public final class Metrics implements MetricsText, AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final int FIRST_BYTES = 16 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  /** How old a gauge is at the most that is pushed. */
  private static final Duration PUSHED = Duration.ofSeconds(5);

  private final Time time;
  private final Locks.Monitor monitor;
  private final BugLog bugs;
  private final PrometheusMeterRegistry scraped;
  private final List<PushTarget> targets;
  private final Optional<Tasks.Task> refreshing;
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
    this(version, rolesNamed, List.of(), time, locks, (_, _) -> () -> {});
  }

  /**
   * As {@link #Metrics(String, boolean, Time, Locks)}, with places to which they are pushed.
   *
   * @param targets which are closed with it
   * @param tasks where what they push is brought up to date
   */
  public Metrics(
      String version,
      boolean rolesNamed,
      List<PushTarget> targets,
      Time time,
      Locks locks,
      Tasks tasks) {
    this.time = time;
    this.monitor = locks.monitor();
    this.bugs = new BugLog(time);
    this.scraped = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.targets = List.copyOf(targets);
    var registry = all(scraped, targets);
    registry.config().meterFilter(MeterFilter.denyUnless(ShownNames::listed));
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
    this.refreshing =
        targets.isEmpty()
            ? Optional.empty()
            : Optional.of(tasks.start("metrics to push", this::refresh));
  }

  /** Each report goes to one registry where nothing is pushed, which costs less. */
  private static MeterRegistry all(PrometheusMeterRegistry scraped, List<PushTarget> targets) {
    if (targets.isEmpty()) {
      return scraped;
    }
    var all = new CompositeMeterRegistry();
    all.add(scraped);
    targets.forEach(target -> all.add(target.registry()));
    return all;
  }

  /** Who pushes reads gauges at a time of its own. */
  private void refresh() {
    try {
      while (true) {
        time.sleep(PUSHED);
        refreshOnce();
      }
    } catch (InterruptedException _) {
      // It was closed.
    }
  }

  private void refreshOnce() {
    monitor.lock();
    try {
      ask(time.nanos());
    } catch (RuntimeException | Error e) {
      Fatal.check(e);
      bugs.told(LOG, "metrics met a bug", e, line -> line);
    } finally {
      monitor.unlock();
    }
  }

  private record Kept(long since, Page page) {}

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
      scraped.scrape(text, form.contentType());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toByteArray();
  }

  /** With the last push of each that pushes, for which they have a few seconds. */
  @Override
  public void close() {
    close(LastPushes.PATIENCE);
  }

  /** As {@link #close()}, with another patience. */
  void close(Duration lastPushes) {
    if (refreshing.isPresent()) {
      refreshing.get().interrupt();
      refreshOnce();
    }
    collections.close();
    LastPushes.close(targets, lastPushes, time);
    scraped.close();
  }
}
