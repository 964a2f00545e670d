package dev.genesysvault.benchmark;

import dev.genesysvault.engine.Engine;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.Receivers;
import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.genesys.GenesysConnector;
import dev.genesysvault.grpc.MeasuredStorage;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemRandomness;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.RecordedEvents;
import dev.genesysvault.upstream.Delays;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An engine and the real adapter of Genesys, over a network and a storage in memory. */
final class IssueBench {
  private static final Map<String, String> LIMITS =
      Map.of(
          "content-type", "application/json",
          "inin-ratelimit-count", "1",
          "inin-ratelimit-allowed", "100000000",
          "inin-ratelimit-reset", "60",
          "inin-correlation-id", "0123456789abcdef");

  private final SystemTime time = new SystemTime();
  private final SystemLocks locks = new SystemLocks();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final EngineDescriptor descriptor = EngineDescriptor.current();
  private final Meters meters;
  private final Engine engine;
  private int clients;

  IssueBench(Meters meters) {
    this.meters = meters;
    var tasks = new VirtualThreadTasks();
    var connector =
        new GenesysConnector(
            this::answer,
            time,
            tasks,
            locks,
            new MemoryBudget(64 << 20, time, locks),
            1,
            "1.0.0",
            meters);
    this.engine =
        new Engine(
            new Instance("instance-1", "v1.0.0", time.now()),
            List.of(descriptor),
            connector,
            List.of(),
            Receivers.NONE,
            new Doors(
                time,
                tasks,
                locks,
                new SystemRandomness(),
                StepTrail.inMemory(time, locks),
                meters),
            Delays.STANDARD);
    try {
      configure();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void configure() throws InterruptedException {
    must(
        "config",
        Operation.UPDATE,
        Map.of(),
        Map.of("region", "eu-central-1", "client_id", "own-client", "client_secret", "s3cr3t"));
    must(
        "roles/name",
        Operation.UPDATE,
        Map.of("name", "demo"),
        Map.of("role_divisions", List.of("role-1:*")));
  }

  private void must(
      String path, Operation operation, Map<String, String> captures, Map<String, Object> fields)
      throws InterruptedException {
    if (serve(path, operation, captures, fields, "") instanceof Reply.Refusal refusal) {
      throw new IllegalStateException(refusal.message());
    }
  }

  /** Reads {@code creds/demo}. */
  Reply issue(String requestId) throws InterruptedException {
    var reply = serve("creds/name", Operation.READ, Map.of("name", "demo"), Map.of(), requestId);
    storage.forgetOperations();
    if (reply instanceof Reply.Refusal refusal) {
      throw new IllegalStateException(refusal.message());
    }
    return reply;
  }

  private Reply serve(
      String path,
      Operation operation,
      Map<String, String> captures,
      Map<String, Object> fields,
      String requestId)
      throws InterruptedException {
    var measured = new MeasuredStorage(storage, time, meters);
    var request =
        new Request(
            new Mount(
                "mount-1",
                "genesys/",
                true,
                Optional.of(Duration.ofHours(1)),
                Optional.of(Duration.ofHours(24)),
                Optional.of(false)),
            operation,
            path,
            requestId,
            captures,
            new Fields(fields, descriptor.defaults(path)),
            "approle-payroll",
            "entity-1",
            Optional.empty(),
            new MountStorage(measured),
            // What comes along is no operation.
            Request.snapshot(Map.of(), Map.of(), storage),
            new RecordedEvents(),
            Deadline.in(Duration.ofSeconds(60), time),
            "v0.1.0");
    var reply = engine.serve(request, 0);
    meters.held(
        Metric.REQUEST_STORAGE_OPERATIONS,
        measured.operations(),
        engine.path(request),
        request.operation().word());
    return reply;
  }

  private void answer(Transport.Request request, Transport.Receiver receiver)
      throws Transport.FailedException {
    var body = body(request).getBytes(StandardCharsets.UTF_8);
    try {
      receiver.receive(new Transport.Head(200, LIMITS), new ByteArrayInputStream(body));
    } catch (Transport.FailedException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String body(Transport.Request request) {
    return switch (request.method() + " " + request.uri().getPath()) {
      case "POST /oauth/token" -> "{\"access_token\":\"t0ken\",\"expires_in\":86400}";
      case "GET /api/v2/organizations/me" -> "{\"id\":\"org-1\",\"name\":\"Acme\"}";
      case "POST /api/v2/oauth/clients" ->
          "{\"id\":\"client-%d\",\"secret\":\"s3cr3t\",\"state\":\"active\",%s"
              .formatted(
                  ++clients, new String(request.body(), StandardCharsets.UTF_8).substring(1));
      case "GET /api/v2/tokens/me" -> "{\"OAuthClient\":{\"id\":\"own-client\"}}";
      case "GET /api/v2/authorization/divisions/home" -> "{\"id\":\"div-home\"}";
      default ->
          "{\"entities\":[],\"id\":\"own-client\",\"name\":\"own\",\"grants\":[{\"role\":{\"id\":\"role-1\",\"policies\":[{\"actions\":[\"*\"],\"domain\":\"oauth\",\"entityName\":\"client\",\"entity_name\":\"client\",\"action_set\":[\"*\"]}]},\"division\":{\"id\":\"*\"}}]}";
    };
  }
}
