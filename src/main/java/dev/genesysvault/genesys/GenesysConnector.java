package dev.genesysvault.genesys;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.ClientListHealth;
import dev.genesysvault.upstream.ClientUsage;
import dev.genesysvault.upstream.Directory;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.IntegrationCredentials;
import dev.genesysvault.upstream.OAuthClients;
import dev.genesysvault.upstream.Reachability;
import java.util.Optional;
import java.util.function.Function;

/** Opens organisations: one SDK client, one token and one budget for each credential. */
public final class GenesysConnector implements Genesys.Connector {
  private final Transport transport;
  private final Time time;
  private final Tasks tasks;
  private final Locks locks;
  private final MemoryBudget memory;
  private final double rateLimitShare;
  private final String userAgent;
  private final Meters meters;

  /**
   * Makes one.
   *
   * @param memory for replies, all of them together
   * @param rateLimitShare how much of Genesys' limits each credential uses, in (0, 1]
   * @param version of this product, for the user agent
   * @param meters where calls are reported
   */
  public GenesysConnector(
      Transport transport,
      Time time,
      Tasks tasks,
      Locks locks,
      MemoryBudget memory,
      double rateLimitShare,
      String version,
      Meters meters) {
    this.transport = transport;
    this.time = time;
    this.tasks = tasks;
    this.locks = locks;
    this.memory = memory;
    this.rateLimitShare = rateLimitShare;
    this.userAgent = "vault-genesys-sidecar/" + version;
    this.meters = meters;
  }

  /** Makes one whose calls nobody measures. */
  public GenesysConnector(
      Transport transport,
      Time time,
      Tasks tasks,
      Locks locks,
      MemoryBudget memory,
      double rateLimitShare,
      String version) {
    this(transport, time, tasks, locks, memory, rateLimitShare, version, Meters.NONE);
  }

  /** Returns which calls are counted whatever happens. */
  public static Gauges gauges() {
    return CallMeters::begun;
  }

  @Override
  public Genesys connect(Endpoint endpoint, Credential credential) {
    var budget = new RateBudget(time, locks, rateLimitShare);
    var reachability = new Reachability(time, locks);
    var calls = new CallMeters(time, meters, reachability);
    var logIn = new LogIn(transport, endpoint.login(), userAgent, credential, memory, calls, time);
    var tokens = new AccessTokens(logIn, time, locks);
    var api =
        new PlatformApi(transport, endpoint.api(), userAgent, tokens, budget, memory, calls, time);
    var list = new ClientList(api, endpoint.api(), memory, time);
    return new Platform(
        new PlatformClients(api, new SharedList(list, tasks, locks)),
        new PlatformDirectory(api),
        new PlatformUsage(api),
        new PlatformIntegrations(api, endpoint.api()),
        budget,
        reachability,
        list,
        other -> connect(endpoint, other));
  }

  private record Platform(
      OAuthClients clients,
      Directory directory,
      ClientUsage usage,
      IntegrationCredentials integrations,
      RateBudget rateBudget,
      Reachability reached,
      ClientList list,
      Function<Credential, Genesys> others)
      implements Genesys {
    @Override
    public Genesys as(Credential other) {
      return others.apply(other);
    }

    @Override
    public RateBudget.Reading budget() {
      return rateBudget.reading();
    }

    @Override
    public Reachability.Reading reachability() {
      return reached.reading();
    }

    @Override
    public Optional<ClientListHealth> clientLists() {
      return list.health();
    }
  }
}
