package dev.genesysvault.testing;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.upstream.ClientUsage;
import dev.genesysvault.upstream.Directory;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.Grants;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.MadeClient;
import dev.genesysvault.upstream.OAuthClients;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.Searched;
import dev.genesysvault.upstream.TokenOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** An organisation that keeps clients as Genesys does, and misbehaves once for each time told. */
public final class FakeGenesys
    implements Genesys, Genesys.Connector, OAuthClients, Directory, ClientUsage {
  private static final ClientBody NOTHING = new ClientBody(Map.of());

  private final Map<ClientId, ClientBody> clients = new LinkedHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Map<String, Deque<Fault>> faults = new HashMap<>();
  private final Map<String, Runnable> interludes = new HashMap<>();
  private Organization organization = new Organization("org-1", "Acme");
  private Grants grants =
      new Grants(
          Set.of(new RoleDivision("role-1", "*"), new RoleDivision("role-2", "div-1")),
          List.of(new Grants.Policy("oauth", "client", Set.of("*"))));
  private Set<String> divisions = Set.of("div-1", "div-home");
  private final Map<ClientId, Secret> secretsOf = new HashMap<>();
  private List<FoundClient> stillListed = List.of();
  private String doubt = "";
  private UnaryOperator<ClientBody> keeping = UnaryOperator.identity();
  private UnaryOperator<ClientBody> showing = UnaryOperator.identity();
  private final FakeIntegrations integrations = new FakeIntegrations(this);
  private final Map<String, Deque<Boolean>> claims = new HashMap<>();
  private int losesPairs;
  private boolean countsFail;
  private int looksBeforeCounts;
  private int countsThatGrow;
  private long requests;
  private int made;
  private int secrets;
  private int connections;
  private volatile Reachability.Reading reachability = Reachability.Reading.UNKNOWN;

  /** By which clock its lists begin. */
  public volatile Supplier<Instant> listedAt;

  /** Reads a list that nobody waits for, or does not come to its end. */
  public volatile Consumer<Runnable> reading = Runnable::run;

  /** When it deletes the mount's own client, as it says. */
  public volatile Optional<Instant> ownEnd = Optional.empty();

  /** Makes one whose lists begin at the end of all time. */
  public FakeGenesys() {
    this(() -> Instant.MAX);
  }

  /** Makes one whose lists begin by a clock. */
  public FakeGenesys(Supplier<Instant> clock) {
    this.listedAt = clock;
  }

  /** What goes wrong with one call. */
  private record Fault(UpstreamFailure failure, boolean acts) {}

  /** Refuses the next call of that name. */
  public FakeGenesys refuse(String call, int status, String code) {
    return refuse(new Refused(call, status, code, "told to", "cid-1"));
  }

  /** Refuses the next call of the name that is its request. */
  public FakeGenesys refuse(Refused refused) {
    return fault(refused.request(), refused, false);
  }

  /** Limits the next call of that name. */
  public FakeGenesys limit(String call, Duration retryAfter) {
    return fault(call, new Limited(call, retryAfter, "cid-1"), false);
  }

  /** Is not there for the next call of that name. */
  public FakeGenesys beAway(String call) {
    return fault(call, new Unavailable(call, "told to be away", "none"), false);
  }

  /** Loses the reply to the next call of that name, after acting or before. */
  public FakeGenesys loseReply(String call, boolean acts) {
    return fault(call, new Unknown(call, "reply lost", "none"), acts);
  }

  /** Has something done at the next call of that name, before it acts; it may throw. */
  public synchronized FakeGenesys doAt(String call, Runnable work) {
    interludes.put(call, work);
    return this;
  }

  private synchronized FakeGenesys fault(String call, UpstreamFailure failure, boolean acts) {
    faults.computeIfAbsent(call, _ -> new ArrayDeque<>()).add(new Fault(failure, acts));
    return this;
  }

  /** Belongs to another organisation from now on. */
  public synchronized void become(Organization other) {
    organization = other;
  }

  /** Grants the mount's client something else from now on. */
  public synchronized void grant(Grants other) {
    grants = other;
  }

  /** Shows every client under another name from now on, as a host does that knows none of them. */
  public synchronized void forgetNames() {
    clients.replaceAll((_, body) -> body.named(new ClientName("somebody")));
  }

  /** Adds a client that somebody else made. */
  public synchronized ClientId hold(String id, ClientBody body) {
    var clientId = new ClientId(id);
    clients.put(clientId, body);
    return clientId;
  }

  /** Shows these in every list from now on, whatever became of them. */
  public synchronized void keepListing(FoundClient... deleted) {
    stillListed = List.of(deleted);
  }

  /** Loses a client, as if somebody had deleted it. */
  public synchronized void lose(ClientId id) {
    clients.remove(id);
  }

  /** Returns the clients that exist. */
  public synchronized Map<ClientId, ClientBody> held() {
    return new LinkedHashMap<>(clients);
  }

  /** Returns the names of the calls so far, in order. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** Forgets the calls so far. */
  public synchronized void forgetCalls() {
    calls.clear();
  }

  /** Returns how often it was connected to. */
  public synchronized int connections() {
    return connections;
  }

  @Override
  public synchronized Genesys connect(Endpoint endpoint, Credential credential) {
    connections++;
    return this;
  }

  @Override
  public OAuthClients clients() {
    return this;
  }

  @Override
  public Directory directory() {
    return this;
  }

  @Override
  public ClientUsage usage() {
    return this;
  }

  @Override
  public FakeIntegrations integrations() {
    return integrations;
  }

  @Override
  public Outcome<Query> query(ClientId id, Instant from, Instant to, CallContext context) {
    return answer("queryUsage", () -> found(id).map(_ -> new Query(id, "execution-1")));
  }

  @Override
  public Outcome<Count> count(Query query, CallContext context) {
    return answer(
        "countUsage",
        () -> {
          if (looksBeforeCounts > 0) {
            looksBeforeCounts--;
            return Outcome.ok(new Count.Running());
          }
          if (countsThatGrow > 0) {
            countsThatGrow--;
            requests += 5;
          }
          return Outcome.ok(countsFail ? new Count.Failed() : new Count.Complete(requests));
        });
  }

  /** Counts more calls each time, for that many times. */
  public synchronized void beUsed(int counts) {
    countsThatGrow = counts;
  }

  /** Takes that many looks for the next count of calls. */
  public synchronized void countSlowly(int looks) {
    looksBeforeCounts = looks;
  }

  /** Fails to count calls from now on. */
  public synchronized void failToCount() {
    countsFail = true;
  }

  @Override
  public RateBudget.Reading budget() {
    return new RateBudget.Reading(
        300, 300, 7, Duration.ofSeconds(42), Duration.ZERO, Map.of(), Map.of());
  }

  @Override
  public Reachability.Reading reachability() {
    return reachability;
  }

  /** Says whether this organisation was there of late. */
  public void beSeen(Reachability.Reading reading) {
    reachability = reading;
  }

  @Override
  public Outcome<MadeClient> create(ClientBody body, CallContext context) {
    return answer(
        "create",
        () -> {
          var id = new ClientId("client-" + ++made);
          var kept = keeping.apply(losesPairs > 0 ? LostPair.of(body) : body);
          clients.put(id, kept);
          losesPairs = Math.max(0, losesPairs - 1);
          return Outcome.ok(made(id));
        });
  }

  @Override
  public Outcome<Searched> search(Predicate<ListedClient> wanted, CallContext context) {
    return search(wanted);
  }

  @Override
  public Tasks.Task search(
      Predicate<ListedClient> wanted, Lane lane, Consumer<Outcome<Searched>> whenDone) {
    reading.accept(() -> whenDone.accept(search(wanted)));
    return () -> {};
  }

  private Outcome<Searched> search(Predicate<ListedClient> wanted) {
    return answer(
        "list",
        () ->
            Outcome.ok(
                new Searched(
                    listedAt.get(),
                    Stream.concat(
                            clients.entrySet().stream()
                                .map(entry -> listed(entry.getKey(), entry.getValue())),
                            stillListed.stream().map(found -> listed(found.id(), found.body())))
                        .filter(wanted)
                        .toList(),
                    doubt)));
  }

  private static ListedClient listed(ClientId id, ClientBody body) {
    return new ListedClient(id, body.text("name"), body.text("state"));
  }

  /** Shows lists from now on of which nothing follows that they do not show; empty to mend. */
  public synchronized void listDoubtfully(String why) {
    doubt = why;
  }

  @Override
  public Outcome<FoundClient> get(ClientId id, CallContext context) {
    return answer("get", () -> found(id).map(body -> new FoundClient(id, body)));
  }

  @Override
  public Outcome<Done> replace(ClientId id, ClientBody body, CallContext context) {
    return change(
        "replace",
        () ->
            found(id)
                .map(_ -> {
                  clients.put(id, keeping.apply(body));
                  return Done.DONE;
                }));
  }

  @Override
  public Outcome<Done> delete(ClientId id, CallContext context) {
    return change(
        "delete",
        () -> {
          var body = clients.get(id);
          if (body != null && !body.text("state").equals("inactive")) {
            return Outcome.failed(
                new Refused("delete", 400, "cannot.delete.client", "not inactive", "cid-1"));
          }
          return found(id)
              .map(_ -> {
                clients.remove(id);
                return Done.DONE;
              });
        });
  }

  @Override
  public Outcome<MadeClient> regenerateSecret(ClientId id, CallContext context) {
    return answer("regenerateSecret", () -> found(id).map(_ -> made(id)));
  }

  private MadeClient made(ClientId id) {
    var body = Objects.requireNonNull(clients.get(id));
    return new MadeClient(new Credential(id, newSecret(id)), showing.apply(body), "cid-made");
  }

  /** Keeps what is sent to it in this way from now on. */
  public synchronized void keep(UnaryOperator<ClientBody> way) {
    keeping = way;
  }

  /** Shows clients in this way in the replies that carry a secret. */
  public synchronized void show(UnaryOperator<ClientBody> way) {
    showing = way;
  }

  /** Answers the next change of that name with a 2xx that may be a gateway's own. */
  public synchronized FakeGenesys claim(String call, boolean acts) {
    claims.computeIfAbsent(call, _ -> new ArrayDeque<>()).add(acts);
    return this;
  }

  @Override
  public Outcome<Organization> organization(CallContext context) {
    return answer("organization", () -> Outcome.ok(organization));
  }

  @Override
  public Outcome<Grants> ownGrants(CallContext context) {
    return answer("ownGrants", () -> Outcome.ok(grants));
  }

  @Override
  public Genesys as(Credential other) {
    return new FakeLogIn(this, other);
  }

  @Override
  public Outcome<TokenOwner> tokenOwner(CallContext context) {
    return answer(
        "tokenOwner", () -> Outcome.ok(new TokenOwner(new ClientId("own-client"), ownEnd)));
  }

  @Override
  public Outcome<DivisionsPage> divisions(int number, CallContext context) {
    return answer("divisions", () -> Outcome.ok(new DivisionsPage(divisions, 1)));
  }

  @Override
  public Outcome<String> homeDivision(CallContext context) {
    return answer("homeDivision", () -> Outcome.ok("div-home"));
  }

  private Secret newSecret(ClientId id) {
    var secret = Secret.of("s3cr3t-" + ++secrets);
    secretsOf.put(id, secret);
    return secret;
  }

  /** Returns the secret with which a client logs in. */
  public synchronized Secret secretOf(ClientId id) {
    return Objects.requireNonNull(secretsOf.get(id));
  }

  /** Lets a client that somebody else made log in with a secret. */
  public synchronized void allow(Credential credential) {
    secretsOf.put(credential.id(), credential.secret());
  }

  /** Makes the next clients without the last of their roles and divisions. */
  public synchronized void loseAPair(int times) {
    losesPairs = times;
  }

  /** Does right again whatever was to go wrong. */
  public synchronized void mend() {
    losesPairs = 0;
    faults.clear();
  }

  /** Has these divisions from now on. */
  public synchronized void divide(Set<String> ids) {
    divisions = Set.copyOf(ids);
  }

  /** Whether a credential would get a token. */
  public synchronized boolean logsIn(Credential credential) {
    var body = clients.get(credential.id());
    var secret = secretsOf.get(credential.id());
    return body != null
        && body.text("state").equals("active")
        && secret != null
        && secret.sameAs(credential.secret());
  }

  synchronized Outcome<Grants> grantsOf(ClientId id) {
    return answer(
        "grantsOf",
        () -> Outcome.ok(new Grants(clients.getOrDefault(id, NOTHING).roleDivisions(), List.of())));
  }

  private Outcome<ClientBody> found(ClientId id) {
    return Optional.ofNullable(clients.get(id))
        .map(Outcome::ok)
        .orElseGet(() ->
            Outcome.failed(new Refused("client", 404, "not.found", "no such client", "cid-1")));
  }

  private Outcome<Done> change(String call, Supplier<Outcome<Done>> act) {
    return answer(
        call,
        () -> {
          var acts = claims.getOrDefault(call, new ArrayDeque<>()).poll();
          if (acts == null) {
            return act.get();
          }
          if (acts) {
            var _ = act.get();
          }
          return Outcome.ok(Done.CLAIMED);
        });
  }

  synchronized <T> Outcome<T> answer(String call, Supplier<Outcome<T>> act) {
    calls.add(call);
    var interlude = interludes.remove(call);
    if (interlude != null) {
      interlude.run();
    }
    var fault = faults.getOrDefault(call, new ArrayDeque<>()).poll();
    if (fault == null) {
      return act.get();
    }
    if (fault.acts()) {
      var _ = act.get();
    }
    return Outcome.failed(fault.failure());
  }
}
