package dev.genesysvault;

import dev.genesysvault.alert.ReceiverKinds;
import dev.genesysvault.alert.receiver.ChatKind;
import dev.genesysvault.alert.receiver.PagerDutyKind;
import dev.genesysvault.alert.receiver.WebhookKind;
import dev.genesysvault.config.Settings;
import dev.genesysvault.destination.aws.AwsSecretsManagerKind;
import dev.genesysvault.destination.google.GcpSecretManagerKind;
import dev.genesysvault.destination.integration.IntegrationCredentialKind;
import dev.genesysvault.destination.vault.VaultKvKind;
import dev.genesysvault.engine.Engine;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.Receivers;
import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.genesys.GenesysConnector;
import dev.genesysvault.grpc.SidecarServer;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Transport;
import dev.genesysvault.observe.AcceptTrouble;
import dev.genesysvault.observe.Health;
import dev.genesysvault.observe.ManagementServer;
import dev.genesysvault.observe.Metrics;
import dev.genesysvault.page.StatusPage;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemRandomness;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.upstream.Delays;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The assembled sidecar: everything is made here, by constructors. */
public final class Sidecar implements AutoCloseable {
  /** This sidecar's version. */
  public static final String VERSION = "v0.2.0-dev";

  /** Which part of the heap Genesys' replies may fill, while they are understood. */
  private static final int REPLIES_SHARE = 4;

  private static final int INSTANCE_ID_BYTES = 8;

  private final SidecarServer server;
  private final Optional<ManagementServer> management;
  private final Optional<Tasks.Task> sampling;
  private final Optional<Metrics> metrics;
  private final StepTrailFile trailFile;
  private final Transport transport;

  private Sidecar(
      SidecarServer server,
      Optional<ManagementServer> management,
      Optional<Tasks.Task> sampling,
      Optional<Metrics> metrics,
      StepTrailFile trailFile,
      Transport transport) {
    this.transport = transport;
    this.sampling = sampling;
    this.metrics = metrics;
    this.trailFile = trailFile;
    this.server = server;
    this.management = management;
  }

  /**
   * Assembles a sidecar and starts to serve.
   *
   * @throws IOException if socket, address or a file cannot be used; its message says why and what
   *     to do
   */
  public static Sidecar start(Settings settings) throws IOException {
    return start(settings, EngineDescriptor.served());
  }

  /**
   * Assembles a sidecar and starts to serve plugins of some descriptors alone.
   *
   * @param descriptors whose plugins it serves, its own first
   * @throws IOException if socket, address or a file cannot be used; its message says why and what
   *     to do
   */
  public static Sidecar start(Settings settings, List<EngineDescriptor> descriptors)
      throws IOException {
    var network = WayOut.open(settings.network());
    var time = new SystemTime();
    var tasks = new VirtualThreadTasks();
    var locks = new SystemLocks();
    var randomness = new SystemRandomness();
    var instance = new Instance(randomness.hex(INSTANCE_ID_BYTES), VERSION, time.now());
    var transport = new HttpTransport(time, network);
    var metrics = MeasuredParts.metrics(settings, transport, time, locks, tasks);
    var meters = metrics.map(Metrics::meters).orElse(Meters.NONE);
    var connector =
        new GenesysConnector(
            transport,
            time,
            tasks,
            locks,
            new MemoryBudget(Runtime.getRuntime().maxMemory() / REPLIES_SHARE, time, locks),
            settings.rateLimitShare(),
            VERSION,
            meters);
    var trailFile = new StepTrailFile(settings.socket());
    var trail = new StepTrail(trailFile.open(), time, locks);
    StepTrailFile.tell(trail.suspects());
    var engine =
        new Engine(
            instance,
            descriptors,
            connector,
            List.of(
                new VaultKvKind(transport, time, locks, settings.tokenFolder()),
                new IntegrationCredentialKind(),
                new AwsSecretsManagerKind(transport, time, locks),
                new GcpSecretManagerKind(network, transport, locks)),
            new Receivers(
                new ReceiverKinds(
                    List.of(
                        new WebhookKind(transport, time),
                        ChatKind.slack(transport, time),
                        ChatKind.teams(transport, time),
                        new PagerDutyKind(transport, time))),
                settings.alarmDelay()),
            new Doors(time, tasks, locks, randomness, trail, meters),
            new Delays(
                settings.longestRequest(),
                settings.visibilityDelay(),
                settings.propagationDelay(),
                settings.overdueAfter()));
    var bugs = new BugLog(time);
    var server =
        SidecarServer.start(
            settings.socket(),
            new AcceptTrouble("the socket", bugs),
            engine,
            instance,
            tasks,
            locks,
            time,
            meters);
    try {
      Optional<ManagementServer> management = Optional.empty();
      metrics.ifPresent(all ->
          Stream.concat(
                  engine.views().gauges().stream(),
                  Stream.of(server.gauges(), GenesysConnector.gauges()))
              .forEach(all::add));
      Optional<Tasks.Task> sampling = Optional.empty();
      if (settings.management().isPresent() && metrics.isPresent()) {
        var health =
            new Health(
                server::serving,
                VERSION,
                instance.started(),
                engine.views().overview(),
                engine.views().alarms(),
                time,
                locks);
        var page =
            new StatusPage(
                VERSION,
                instance.started(),
                engine.views().overview(),
                engine.views().alarms(),
                settings.page().names(),
                time,
                locks);
        sampling = Optional.of(tasks.start("page", page::sampleAlways));
        management =
            Optional.of(
                ManagementServer.start(
                    settings.management().get(),
                    health,
                    metrics.get(),
                    page,
                    settings.page().hosts(),
                    tasks,
                    bugs));
      }
      return new Sidecar(server, management, sampling, metrics, trailFile, transport);
    } catch (IOException e) {
      server.close();
      metrics.ifPresent(Metrics::close);
      throw e;
    }
  }

  /** Returns where health and metrics are answered; empty for nowhere. */
  public Optional<InetSocketAddress> managementAddress() {
    return management.map(ManagementServer::address);
  }

  /** Opens what is otherwise opened at its first use. */
  void preload() {
    Preloading.run(transport);
  }

  /** Waits until it has stopped. */
  public void awaitEnd() throws InterruptedException {
    server.awaitEnd();
  }

  @Override
  public void close() throws IOException {
    server.close();
    management.ifPresent(ManagementServer::close);
    sampling.ifPresent(Tasks.Task::interrupt);
    metrics.ifPresent(Metrics::close);
    trailFile.remove();
  }
}
