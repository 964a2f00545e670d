package dev.genesysvault.simulator;

import dev.genesysvault.simulator.RateLimits.LimitedException;
import dev.genesysvault.simulator.SimulatedReply.Delivery;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * One simulated organisation, without sockets, threads or a clock of its own, so that a test can
 * call it in its own time. Every request is handled under one lock: what it changes is seen whole.
 */
public final class SimulatedGenesys {
  private static final String CORRELATION_ID = "ININ-Correlation-Id";
  private static final String CLIENTS = "/api/v2/oauth/clients";
  private static final String USAGE_RESULTS = "/usage/query/results/";
  private static final String AUTHORIZATION = "/api/v2/authorization/";

  private final World world;
  private final RateLimits limits;
  private final Faults faults = new Faults();
  private final RequestCounts counts = new RequestCounts();
  private final TokenEndpoint tokens;
  private final ClientsEndpoint clients;
  private final ApiUsage usage = new ApiUsage();
  private final UsageEndpoint usageQueries;
  private final AuthorizationEndpoint authorization;
  private final CredentialsEndpoint credentials;
  private final AdminEndpoint admin;

  /** Makes an organisation as {@link Seed} says. */
  public SimulatedGenesys(InstantSource clock, RandomGenerator random) {
    this.world = new World(clock, random);
    this.limits = new RateLimits(world);
    this.tokens = new TokenEndpoint(world, limits);
    this.clients = new ClientsEndpoint(world);
    this.usageQueries = new UsageEndpoint(world, clients, usage);
    this.authorization = new AuthorizationEndpoint(world);
    this.credentials = new CredentialsEndpoint(world);
    this.admin = new AdminEndpoint(world, faults, counts, limits, usage);
  }

  /** Handles a request, faults included; the reply says what becomes of it on its way. */
  public synchronized SimulatedReply handle(SimulatedRequest request) {
    if (request.origin() == Origin.API && request.path().startsWith(AdminEndpoint.PREFIX)) {
      try {
        return admin.handle(request);
      } catch (SimulatedError e) {
        return e.reply(world.uuid());
      }
    }
    var fault = faults.take(request, template(request.path()));
    return fault.isPresent() ? faulty(request, fault.get()) : act(request);
  }

  /** Handles a request without faults: what a held one does once it is released. */
  public synchronized SimulatedReply act(SimulatedRequest request) {
    var correlationId = world.uuid();
    var reply = answered(request, correlationId);
    counts.count(request.method(), template(request.path()), reply.status());
    return request.origin() == Origin.API && world.knobs.is(Knob.CORRELATION_ID, "sent")
        ? reply.with(CORRELATION_ID, correlationId)
        : reply;
  }

  /** Returns what completes when a held request is released. */
  public synchronized CompletableFuture<Boolean> released(long heldId) {
    return faults.released(heldId);
  }

  /** Moves the organisation's clock forward. */
  public synchronized void advance(Duration time) {
    world.advance(time);
  }

  /** Turns knobs by their keys, such as {@code list_lag_seconds}. */
  public synchronized void turn(Map<String, Object> knobs) {
    world.knobs.turn(knobs);
  }

  /** Returns every client that is not deleted, as Genesys shows it, by id. */
  public synchronized Map<String, Map<String, Object>> clients() {
    var clients = new LinkedHashMap<String, Map<String, Object>>();
    world.liveClients().forEach(client -> clients.put(client.id, client.shown()));
    return clients;
  }

  /** Returns a client that is not deleted, as Genesys shows it. */
  public synchronized Optional<Map<String, Object>> client(String clientId) {
    return world
        .client(clientId)
        .filter(client -> client.deleted().isEmpty())
        .map(SimulatedClient::shown);
  }

  /** Returns what an integration's credential truly holds; empty where there is none. */
  public synchronized Map<String, Object> integrationCredential(String credentialId) {
    return world.credential(credentialId).map(SimulatedCredential::fields).orElse(Map.of());
  }

  /** Whether a client with that secret would get a token now. */
  public synchronized boolean logsIn(String clientId, String secret) {
    return world
        .client(clientId)
        .filter(client -> client.hasSecret(secret) && client.logsIn(world.now()))
        .isPresent();
  }

  private SimulatedReply faulty(SimulatedRequest request, Fault fault) {
    if (fault.kind() == Fault.Kind.CONNECTION_CUT) {
      counts.count(request.method(), template(request.path()), 0);
      return SimulatedReply.empty(0).delivered(new Delivery.Lost());
    }
    if (fault.kind() == Fault.Kind.GATEWAY) {
      int status = fault.error().map(error -> error.reply("").status()).orElse(204);
      counts.count(request.method(), template(request.path()), status);
      return late(SimulatedReply.empty(status), fault);
    }
    if (fault.kind() == Fault.Kind.HELD_BEFORE) {
      return SimulatedReply.empty(0).delivered(new Delivery.Held(faults.hold(request), false));
    }
    var reply = fault.error().isPresent() ? failed(request, fault) : act(request);
    return switch (fault.kind()) {
      case REPLY_LOST -> reply.delivered(new Delivery.Lost());
      case HELD_AFTER -> reply.delivered(new Delivery.Held(faults.hold(request), true));
      case GARBAGE -> late(reply.garbled(), fault);
      case PLAIN, CONNECTION_CUT, HELD_BEFORE, GATEWAY -> late(reply, fault);
    };
  }

  private static SimulatedReply late(SimulatedReply reply, Fault fault) {
    return fault.delay().isZero() ? reply : reply.delivered(new Delivery.Late(fault.delay()));
  }

  private SimulatedReply failed(SimulatedRequest request, Fault fault) {
    var correlationId = world.uuid();
    var reply =
        fault.error().orElseThrow().reply(correlationId).with(CORRELATION_ID, correlationId);
    counts.count(request.method(), template(request.path()), reply.status());
    return fault.retryAfter().isPresent()
        ? reply.with("Retry-After", fault.retryAfter().get())
        : reply;
  }

  private SimulatedReply answered(SimulatedRequest request, String correlationId) {
    try {
      return switch (request.origin()) {
        case LOGIN -> login(request);
        case API -> api(request, correlationId);
      };
    } catch (SimulatedError e) {
      return e.reply(correlationId);
    } catch (LimitedException e) {
      return e.reply(correlationId);
    }
  }

  private SimulatedReply login(SimulatedRequest request) {
    if (!request.method().equals("POST") || !request.path().equals("/oauth/token")) {
      throw SimulatedError.notFound();
    }
    return tokens.logIn(request);
  }

  private SimulatedReply api(SimulatedRequest request, String correlationId) {
    var caller = Caller.of(request, world);
    try {
      limits.take(caller.token());
    } catch (LimitedException e) {
      usage.count(caller.client().id, world.now(), 429);
      throw e;
    }
    SimulatedReply reply;
    try {
      reply = route(caller, request);
    } catch (SimulatedError e) {
      reply = e.reply(correlationId);
    }
    usage.count(caller.client().id, world.now(), reply.status());
    return limits.headers(caller.token(), reply);
  }

  private SimulatedReply route(Caller caller, SimulatedRequest request) {
    var path = request.path();
    var id = path.substring(path.lastIndexOf('/') + 1);
    return switch (request.method() + " " + template(path)) {
      case "GET /api/v2/oauth/clients" -> clients.list(caller, request);
      case "POST /api/v2/oauth/clients" -> clients.create(caller, request);
      case "GET /api/v2/oauth/clients/{clientId}" -> clients.get(caller, id);
      case "PUT /api/v2/oauth/clients/{clientId}" -> clients.replace(caller, id, request);
      case "DELETE /api/v2/oauth/clients/{clientId}" -> clients.delete(caller, id);
      case "POST /api/v2/oauth/clients/{clientId}/secret" ->
          clients.regenerateSecret(caller, clientId(path));
      case "POST /api/v2/oauth/clients/{clientId}/usage/query" ->
          usageQueries.query(caller, clientId(path), request);
      case "GET /api/v2/oauth/clients/{clientId}/usage/summary" ->
          usageQueries.summary(caller, clientId(path), request);
      case "GET /api/v2/oauth/clients/{clientId}/usage/query/results/{executionId}" ->
          usageQueries.results(caller, clientId(path), id);
      case "GET /api/v2/authorization/divisions" -> authorization.divisions(caller, request);
      case "GET /api/v2/authorization/divisions/home" -> authorization.homeDivision();
      case "GET /api/v2/authorization/divisions/{divisionId}" -> authorization.division(id);
      case "GET /api/v2/authorization/roles" -> authorization.roles(caller, request);
      case "GET /api/v2/authorization/roles/{roleId}" -> authorization.role(caller, id);
      case "GET /api/v2/authorization/subjects/me" -> authorization.ownSubject(caller);
      case "GET /api/v2/authorization/subjects/{subjectId}" -> authorization.subject(caller, id);
      case "GET /api/v2/integrations/credentials/listing" -> credentials.list(caller, request);
      case "GET /api/v2/integrations/credentials/{credentialId}" -> credentials.get(caller, id);
      case "PUT /api/v2/integrations/credentials/{credentialId}" ->
          credentials.replace(caller, id, request);
      case "GET /api/v2/organizations/me" -> authorization.organization();
      case "GET /api/v2/tokens/me" -> authorization.token(caller);
      case "DELETE /api/v2/tokens/me" -> authorization.deleteToken(caller);
      default -> throw SimulatedError.notFound();
    };
  }

  private static String clientId(String path) {
    return path.split("/", -1)[5];
  }

  /** Returns a path with its ids replaced by their names. */
  static String template(String path) {
    if (path.startsWith(CLIENTS + "/")) {
      var rest = path.substring(CLIENTS.length() + 1);
      int slash = rest.indexOf('/');
      var below = slash < 0 ? "" : rest.substring(slash);
      return CLIENTS
          + "/{clientId}"
          + (below.startsWith(USAGE_RESULTS) ? USAGE_RESULTS + "{executionId}" : below);
    }
    if (path.startsWith(CredentialsEndpoint.PATH + "/") && !path.equals(CredentialsEndpoint.LIST)) {
      return CredentialsEndpoint.PATH + "/{credentialId}";
    }
    for (var kind :
        new String[] {"divisions/{divisionId}", "roles/{roleId}", "subjects/{subjectId}"}) {
      var folder = AUTHORIZATION + kind.substring(0, kind.indexOf('/') + 1);
      boolean named = path.equals(folder + "home") || path.equals(folder + "me");
      if (path.startsWith(folder) && !named) {
        return AUTHORIZATION + kind;
      }
    }
    return path;
  }
}
