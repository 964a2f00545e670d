package dev.genesysvault.engine;

import dev.genesysvault.alert.ReceiverKinds;
import dev.genesysvault.alert.receiver.ChatKind;
import dev.genesysvault.alert.receiver.PagerDutyKind;
import dev.genesysvault.alert.receiver.WebhookKind;
import dev.genesysvault.client.LeaseData;
import dev.genesysvault.destination.aws.AwsSecretsManagerKind;
import dev.genesysvault.destination.google.GcpSecretManagerKind;
import dev.genesysvault.destination.integration.IntegrationCredentialKind;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.engine.request.Lease;
import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.network.Network;
import dev.genesysvault.overview.Overview;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.FakeTimeLocks;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.PlayedDestinations;
import dev.genesysvault.testing.PlayedSecretsManager;
import dev.genesysvault.testing.RecordedEvents;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An engine over fakes, and the requests that Vault would send. */
final class EngineHarness {
  static final RoleDivision HELD = new RoleDivision("role-1", "div-9");

  final FakeTime time = new FakeTime();
  final InMemoryStorage storage = new InMemoryStorage();
  final FakeGenesys genesys = new FakeGenesys(time::now);
  final RecordedEvents events = new RecordedEvents();
  final EngineDescriptor descriptor = EngineDescriptor.current();
  private static final DeclaredReplies DECLARED = new DeclaredReplies();
  final PlayedDestinations destinations = new PlayedDestinations();
  final PlayedSecretsManager aws = new PlayedSecretsManager(time);

  /** Where receivers of alarms are. */
  final ScriptedTransport receivers = new ScriptedTransport();

  private final Engine engine;
  Optional<Boolean> tainted = Optional.of(false);
  String path = "genesys/";
  String uuid = "mount-1";
  boolean writable = true;
  UnaryOperator<Reply> fitting = UnaryOperator.identity();
  private int requests;

  EngineHarness() {
    this(Delays.STANDARD);
  }

  EngineHarness(Delays delays) {
    this(delays, Meters.NONE);
  }

  EngineHarness(Delays delays, Meters meters) {
    var locks = new FakeTimeLocks(time);
    this.engine =
        new Engine(
            new Instance("instance-1", "v9.9.9", FakeTime.START),
            List.of(descriptor),
            genesys,
            List.of(
                destinations,
                new IntegrationCredentialKind(),
                new AwsSecretsManagerKind(aws, time, locks),
                new GcpSecretManagerKind(Network.ofJvm(List.of()), aws, locks)),
            new Receivers(
                new ReceiverKinds(
                    List.of(
                        new WebhookKind(receivers, time),
                        ChatKind.slack(receivers, time),
                        ChatKind.teams(receivers, time),
                        new PagerDutyKind(receivers, time))),
                Receivers.STANDARD_DELAY),
            new Doors(
                time,
                new VirtualThreadTasks(),
                locks,
                new SeededRandomness(),
                StepTrail.inMemory(time, locks),
                meters),
            delays);
  }

  /** What the engine shows of its mounts. */
  Gauges gauges() {
    return readings -> engine.views().gauges().forEach(each -> each.read(readings));
  }

  /** What whoever looks at the process sees of its mounts. */
  Overview overview() {
    return engine.views().overview();
  }

  /** Writes a configuration and a role {@code demo}. */
  EngineHarness ready() throws InterruptedException {
    configure();
    write("roles/name", Map.of("name", "demo"), Map.of("role_divisions", List.of("role-1:*")));
    genesys.forgetCalls();
    storage.forgetOperations();
    return this;
  }

  Reply configure() throws InterruptedException {
    return write("config", Map.of(), connection());
  }

  static Map<String, Object> connection() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("region", "eu-central-1");
    fields.put("client_id", "own-client");
    fields.put("client_secret", "0wn-s3cr3t");
    return fields;
  }

  /** Opens the mount's background session; whoever opens it interrupts the task. */
  Thread attend() {
    var mount = mount();
    return Thread.ofVirtual()
        .start(() -> {
          try {
            var _ = engine.attend(mount, new MountStorage(storage), events);
          } catch (InterruptedException _) {
            // The test is over.
          }
        });
  }

  /** Has the plugin tell what it knows of the mount now. */
  void notice() {
    engine.noticed("mount-1", path, tainted);
  }

  /** Does what Vault does once a minute, and last before a mount is disabled or moved. */
  Reply rollBack() throws InterruptedException {
    return served(request("", Operation.ROLLBACK, Map.of(), Map.of(), Optional.empty(), ""));
  }

  Reply write(String pathId, Map<String, String> captures, Map<String, Object> fields)
      throws InterruptedException {
    return serve(pathId, Operation.UPDATE, captures, fields);
  }

  Reply read(String pathId, Map<String, String> captures) throws InterruptedException {
    return serve(pathId, Operation.READ, captures, Map.of());
  }

  Reply serve(
      String pathId, Operation operation, Map<String, String> captures, Map<String, Object> fields)
      throws InterruptedException {
    var reply =
        served(
            request(
                pathId, operation, captures, fields, Optional.empty(), "request-" + ++requests));
    DECLARED.check(pathId, operation, reply);
    return reply;
  }

  private Reply served(Request request) throws InterruptedException {
    return engine.serve(request, 0, fitting);
  }

  Reply readAs(String requestId, String role) throws InterruptedException {
    return served(
        request(
            "creds/name",
            Operation.READ,
            Map.of("name", role),
            Map.of(),
            Optional.empty(),
            requestId));
  }

  Reply onLease(Operation operation, Map<String, ?> internalData, Duration increment)
      throws InterruptedException {
    var data = new LinkedHashMap<String, Object>(internalData);
    data.put("secret_type", LeaseData.SECRET_TYPE);
    var lease =
        new Lease(LeaseData.SECRET_TYPE, data, Duration.ofHours(24), increment, issueTime());
    return served(request("", operation, Map.of(), Map.of(), Optional.of(lease), ""));
  }

  private static Instant issueTime() {
    return FakeTime.START;
  }

  private Mount mount() {
    return new Mount(
        uuid,
        path,
        writable,
        Optional.of(Duration.ofHours(1)),
        Optional.of(Duration.ofHours(24)),
        tainted);
  }

  /** Returns a request with fields that nobody has answered yet. */
  Request unanswered(String pathId, Operation operation, Map<String, Object> fields) {
    return request(pathId, operation, Map.of(), fields, Optional.empty(), "");
  }

  private Request request(
      String pathId,
      Operation operation,
      Map<String, String> captures,
      Map<String, Object> fields,
      Optional<Lease> lease,
      String id) {
    return new Request(
        mount(),
        operation,
        pathId,
        id,
        captures,
        new Fields(fields, descriptor.defaults(pathId)),
        "approle-payroll",
        "entity-1",
        lease,
        new MountStorage(storage),
        Request.snapshot(Map.of(), Map.of(), storage),
        events,
        Deadline.in(Duration.ofSeconds(60), time),
        "v0.1.0");
  }
}
