package dev.genesysvault.engine;

import dev.genesysvault.client.Issuing;
import dev.genesysvault.client.LeaseData;
import dev.genesysvault.client.LeaseRevocation;
import dev.genesysvault.client.Renewing;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.engine.destinations.DestinationCheckHandler;
import dev.genesysvault.engine.destinations.DestinationHandler;
import dev.genesysvault.engine.dynamicroles.ClientHandler;
import dev.genesysvault.engine.dynamicroles.CredsHandler;
import dev.genesysvault.engine.dynamicroles.LeaseHandler;
import dev.genesysvault.engine.dynamicroles.RoleHandler;
import dev.genesysvault.engine.mount.ActorSource;
import dev.genesysvault.engine.mount.AlarmGauges;
import dev.genesysvault.engine.mount.AlertStates;
import dev.genesysvault.engine.mount.ConfigHandler;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.mount.DrainHandler;
import dev.genesysvault.engine.mount.MountAlarms;
import dev.genesysvault.engine.mount.MountClients;
import dev.genesysvault.engine.mount.MountGauges;
import dev.genesysvault.engine.mount.MountNews;
import dev.genesysvault.engine.mount.MountOverviews;
import dev.genesysvault.engine.mount.MountStates;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.mount.RollbackHandler;
import dev.genesysvault.engine.mount.Sessions;
import dev.genesysvault.engine.mount.StatusHandler;
import dev.genesysvault.engine.mount.TaintReports;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.engine.request.Listing;
import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.engine.staticroles.Drift;
import dev.genesysvault.engine.staticroles.ImportHandler;
import dev.genesysvault.engine.staticroles.ResendHandler;
import dev.genesysvault.engine.staticroles.RotateRoleHandler;
import dev.genesysvault.engine.staticroles.StaticCredsHandler;
import dev.genesysvault.engine.staticroles.StaticRoleHandler;
import dev.genesysvault.engine.staticroles.StaticStatusHandler;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.rotation.RotationRequests;
import dev.genesysvault.rotation.RotationWatch;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.Events;
import dev.genesysvault.upstream.Genesys;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Answers every request of Vault: finds the handler of its path, or of its lease. */
public final class Engine {
  private static final Duration RETRY_BASE = Duration.ofMillis(250);
  private static final Duration RETRY_CAP = Duration.ofSeconds(2);
  private static final int RETRY_ATTEMPTS = 3;

  private final List<EngineDescriptor> descriptors;
  private final Map<String, Handler> paths;
  private final Dispatch dispatch;
  private final Views views;
  private final Connections connections;
  private final ActorSource acting;
  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;
  private final MountNews news;
  private final Telling telling;
  private final SessionWork work;
  private final Sessions sessions;

  /**
   * Assembles the engine.
   *
   * @param descriptors that this sidecar serves, the current one first
   * @param kinds of destinations that this sidecar has
   * @param receivers who can be told of alarms, and after how long
   * @throws IllegalStateException if a path has no handler, or a handler no path
   */
  public Engine(
      Instance instance,
      List<EngineDescriptor> descriptors,
      Genesys.Connector connector,
      List<DestinationKind> kinds,
      Receivers receivers,
      Doors doors,
      Delays delays) {
    this.descriptors =
        descriptors.stream().map(served -> served.servedBy(descriptors.getFirst())).toList();
    var entryLocks = new EntryLocks(doors.locks());
    var time = doors.time();
    this.connections = new Connections(connector, doors.locks(), entryLocks);
    var states = new MountStates(doors, delays, kinds);
    this.mountClients = new MountClients(states, entryLocks);
    this.staticRoles = new MountStaticRoles(states, entryLocks, mountClients);
    var taints = new TaintReports(doors);
    this.news = new MountNews(states, taints);
    this.acting = new ActorSource(connections, staticRoles, time);
    var parallel = new Parallel(doors.tasks(), doors.locks());
    this.sessions = new Sessions(doors);
    var alarms = new MountAlarms(states, sessions, connections, delays, receivers.delay(), time);
    this.telling =
        new Telling(alarms, new AlertStates(states), receivers, parallel, entryLocks, doors);
    this.work =
        new SessionWork(
            states, mountClients, staticRoles, acting, telling, sessions, parallel, doors, delays);
    this.views =
        new Views(
            List.of(
                new MountGauges(states, sessions, connections, time),
                new AlarmGauges(states, time)),
            new MountOverviews(states, sessions, connections, time),
            alarms);
    var clients = new ClientHandler(mountClients, time);
    this.paths = new HashMap<>(staticPaths(doors, delays));
    paths.putAll(destinationPaths(doors));
    paths.putAll(telling.paths());
    paths.putAll(HistoryPaths.handlers());
    paths.putAll(
        Map.of(
            "config",
            new ConfigHandler(
                connector,
                connections,
                entryLocks,
                mountClients,
                staticRoles,
                doors.randomness(),
                time),
            "roles/list",
            new Listing(request -> request.storage().roles().names()),
            "roles/name",
            new RoleHandler(connections, entryLocks, mountClients, staticRoles),
            "creds/name",
            new CredsHandler(
                connections,
                mountClients,
                new Issuing(time, doors.locks(), delays),
                time,
                doors.randomness()),
            "clients/list",
            new Listing(request -> request.storage().clients().names(), clients::info),
            "clients/key",
            clients::one,
            "clients/retry",
            clients::retry,
            "drain",
            new DrainHandler(mountClients, staticRoles, time),
            "status",
            new StatusHandler(
                instance,
                connections,
                sessions,
                mountClients,
                staticRoles,
                alarms,
                doors.trail(),
                time)));
    List.of("creds/name", "static-roles/name", "static-roles/import", "rotate-role/name")
        .forEach(id -> paths.computeIfPresent(id, (_, it) -> DrainHandler.notWhileDraining(it)));
    checkBindings();
    this.dispatch =
        new Dispatch(
            paths,
            Map.of(LeaseData.SECRET_TYPE, leases(doors, delays)),
            new RollbackHandler(mountClients, staticRoles, taints),
            connections,
            news,
            doors.locks(),
            time,
            doors.meters());
  }

  private Map<String, Handler> staticPaths(Doors doors, Delays delays) {
    var time = doors.time();
    var status =
        new StaticStatusHandler(
            staticRoles,
            mountClients,
            new Drift(connections, staticRoles),
            new RotationWatch(time, delays));
    var requests = new RotationRequests(time, doors.randomness(), delays);
    return Map.of(
        "static-roles/list",
        new Listing(request -> request.storage().staticRoles().names(), status::info),
        "static-roles/name",
        new StaticRoleHandler(connections, staticRoles, requests, time),
        "static-roles/import",
        new ImportHandler(connections, staticRoles, time, doors.randomness(), requests, delays),
        "static-roles/status",
        status::status,
        "static-creds/name",
        new StaticCredsHandler(staticRoles, time),
        "rotate-role/name",
        new RotateRoleHandler(staticRoles, requests, time),
        "static-roles/resend",
        new ResendHandler(staticRoles, time));
  }

  private Map<String, Handler> destinationPaths(Doors doors) {
    return Map.of(
        "destinations/list",
        new Listing(request -> request.storage().destinations().names()),
        "destinations/name",
        new DestinationHandler(staticRoles, doors.time(), doors.randomness()),
        "destinations/check",
        new DestinationCheckHandler(connections, staticRoles, doors.randomness()));
  }

  private Handler leases(Doors doors, Delays delays) {
    var retry =
        new Retry(
            doors.time(),
            new Backoff(RETRY_BASE, RETRY_CAP, doors.randomness()),
            RETRY_ATTEMPTS,
            () -> doors.meters().count(Metric.GENESYS_RETRIES, MountGauges.RETRIED_REVOKE));
    return new LeaseHandler(
        acting,
        mountClients,
        new Renewing(doors.time()),
        new LeaseRevocation(doors.time(), delays, retry),
        doors.time(),
        delays);
  }

  private void checkBindings() {
    var current = descriptors.getFirst().pathIds();
    if (!current.equals(paths.keySet())) {
      throw new IllegalStateException(
          "the descriptor declares the paths %s, and handlers are bound to %s"
              .formatted(new TreeSet<>(current), new TreeMap<>(paths).keySet()));
    }
    for (var descriptor : descriptors) {
      if (!paths.keySet().containsAll(descriptor.pathIds())) {
        throw new IllegalStateException(
            "an older descriptor declares the paths %s, and handlers are bound to %s"
                .formatted(new TreeSet<>(descriptor.pathIds()), new TreeMap<>(paths).keySet()));
      }
    }
  }

  /** Returns the descriptors that this sidecar serves, the current one first. */
  public List<EngineDescriptor> descriptors() {
    return descriptors;
  }

  /**
   * Answers one request of Vault, unless too many wait already.
   *
   * @param bytes that the request holds as long as it is not answered
   */
  public Reply serve(Request request, long bytes) throws InterruptedException {
    return serve(request, bytes, UnaryOperator.identity());
  }

  /**
   * As {@link #serve(Request, long)}, for whoever cannot send every reply.
   *
   * @param fitting returns a reply as it is, or what is sent where that is too large
   */
  public Reply serve(Request request, long bytes, UnaryOperator<Reply> fitting)
      throws InterruptedException {
    return dispatch.serve(request, bytes, fitting);
  }

  /** Returns how metrics name the path of a request, or what it is about otherwise. */
  public String path(Request request) {
    return dispatch.path(request);
  }

  /** Returns what can be seen of all mounts at any time. */
  public Views views() {
    return views;
  }

  /**
   * Holds the background session of a mount until a newer one takes over or the sidecar stops.
   *
   * @param storage the mount's, for as long as the session lives
   * @param events reaches Vault's event bus, for as long as the session lives
   * @throws InterruptedException when the stream has ended
   */
  public Sessions.End attend(Mount mount, MountStorage storage, Events events)
      throws InterruptedException {
    news.heard(mount);
    return work.attend(mount, storage, events);
  }

  /**
   * Takes news of a mount whose session is open: the plugin may have written to its journal, or
   * Vault may have moved the mount.
   *
   * @param path empty where Vault has not told
   * @param tainted whether it is being disabled or moved; empty where Vault could not be asked
   */
  public void noticed(String mountUuid, String path, Optional<Boolean> tainted) {
    news.heard(mountUuid, path, tainted);
    mountClients.of(mountUuid).journalWritten();
  }

  /** Ends every background session, so that nobody has to wait for them. */
  public void stop() {
    sessions.stop();
  }

  /**
   * Forgets what was learnt of a mount from these storage keys: somebody else changed them. All
   * else is read from storage by each request.
   */
  public void invalidate(String mountUuid, List<String> keys) {
    if (keys.stream().anyMatch(key -> key.startsWith("sealed/alerts/"))) {
      telling.changed(mountUuid);
    }
    if (keys.contains("config")) {
      connections.forget(mountUuid);
      connections.configWritten();
    }
  }
}
