package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.network.Transport;
import dev.genesysvault.simulator.Knob;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Everything that one schedule is about: two organisations, Vault, the sidecar, and who uses them.
 */
final class SimulatedWorld {
  /** Where the organisation of {@code a.test} is to be found as well. */
  static final String ELSEWHERE = "elsewhere.test";

  /** A role in a division that the mount's client holds. */
  static final String HELD_PAIR = Seed.ROLE_READER + ":" + Seed.DIVISION_SALES;

  /** Another one. */
  static final String SECOND_PAIR = Seed.ROLE_READER + ":" + Seed.DIVISION_HOME;

  /** The longest that the background waits before it tries again what failed. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  final Scheduler scheduler;
  final SidecarHost sidecars;
  final SimulatedVault vault;
  final Delays delays = Delays.STANDARD;
  final Invariants invariants;
  final StagedChaos chaos;
  final StaticOperations statics = new StaticOperations(this);
  final Drains drains = new Drains(this);
  final Imports imports = new Imports(this);
  final Elsewhere elsewhere;
  final SecretHosts secretHosts;
  final ToldPeople people;
  private final Map<String, SimulatedGenesys> organizations = new LinkedHashMap<>();
  private final SimulatedProcess outside;
  private int requests;

  /** Whether nothing goes wrong, so that it can be said how long something takes. */
  boolean undisturbed;

  /**
   * Makes a world in which nothing has happened.
   *
   * @param random the source of every chance but the scheduler's own
   */
  SimulatedWorld(Scheduler scheduler, Chaos chaos, SplittableRandom random) {
    this.scheduler = scheduler;
    this.secretHosts = new SecretHosts(scheduler);
    this.chaos = new StagedChaos(chaos, scheduler);
    this.outside = new SimulatedProcess(scheduler, "world");
    InstantSource clock = scheduler::now;
    organizations.put("a.test", new SimulatedGenesys(clock, random.split()));
    var other = new SimulatedGenesys(clock, random.split());
    other.turn(Map.of(Knob.ORGANIZATION.key(), "other"));
    organizations.put("b.test", other);
    var doors = scheduler.randomness(random.split());
    var deaths = new Deaths();
    var reachable = new LinkedHashMap<>(organizations);
    reachable.put(ELSEWHERE, organization("a.test"));
    this.elsewhere = new Elsewhere(this);
    var network =
        new SimulatedNetwork(scheduler, this.chaos, deaths, reachable, elsewhere, new Watch());
    this.sidecars = new SidecarHost(scheduler, network::of, doors, delays);
    this.vault = new SimulatedVault(scheduler, sidecars, random.split());
    this.invariants = new Invariants(this);
    deaths.vault = Optional.of(vault);
    this.people = new ToldPeople(this, this.chaos, deaths);
  }

  /** Vault is made after those who may end it. */
  private static final class Deaths implements Outside {
    private Optional<SimulatedVault> vault = Optional.empty();

    @Override
    public void killPlugin() {
      vault.ifPresent(SimulatedVault::killPlugin);
    }

    @Override
    public void killVault() {
      vault.ifPresent(SimulatedVault::killVault);
    }
  }

  /** Looks at the world whenever something leaves the sidecar, or a client may have changed. */
  private final class Watch implements SimulatedNetwork.Witness {
    @Override
    public void sent(Transport.Request request) {
      secretHosts.sent(request);
      drains.sent(request);
      imports.sent(request);
      invariants.checkDeletion(request).ifPresent(scheduler::violated);
    }

    @Override
    public void answered(Transport.Request request, Transport.Reply reply) {
      secretHosts.answered(request, reply);
      if (!request.method().equals("GET")) {
        invariants
            .checkLeased()
            .or(invariants::checkHeld)
            .or(invariants::checkImported)
            .or(elsewhere::check)
            .ifPresent(scheduler::violated);
      }
    }
  }

  SimulatedGenesys organization(String domain) {
    return Optional.ofNullable(organizations.get(domain)).orElseThrow();
  }

  Map<String, SimulatedGenesys> organizations() {
    return organizations;
  }

  /** Turns knobs of every organisation. */
  void turn(Map<String, Object> knobs) {
    organizations.values().forEach(genesys -> genesys.turn(knobs));
  }

  SimulatedProcess outside() {
    return outside;
  }

  /** What somebody does beside what a flow does. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  /** Has somebody do something at the same time. */
  void beside(String name, Work work) {
    var _ =
        outside.start(
            name,
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts it", e);
              }
            });
  }

  /** Returns an id that no request had before. */
  String newRequestId() {
    return "request-" + ++requests;
  }

  /** Makes a mount. */
  SimulatedMount newMount(String path, Duration maxLeaseTtl) {
    return new SimulatedMount(
        "uuid-of-" + path, path, new SimulatedStorage(scheduler, chaos, vault), maxLeaseTtl);
  }

  /** Has a mount work in an organisation, whatever it takes. */
  void configure(SimulatedMount mount, String domain, String revocation)
      throws InterruptedException {
    until("config", () -> config(mount, domain, revocation));
    mount.mark = markOf(mount);
  }

  /** Writes a configuration. */
  Optional<Answer> config(SimulatedMount mount, String domain, String revocation)
      throws InterruptedException {
    return config(mount, domain, Map.of("revocation", revocation));
  }

  /** Writes a configuration, with further fields. */
  Optional<Answer> config(SimulatedMount mount, String domain, Map<String, Object> further)
      throws InterruptedException {
    mount.strict |= "strict".equals(further.get("revocation"));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("api_url", "https://api." + domain);
    fields.put("login_url", "https://login." + domain);
    fields.put("client_id", Seed.CLIENT_ID);
    fields.put("client_secret", Seed.CLIENT_SECRET);
    fields.putAll(further);
    return write(mount, "config", Map.of(), fields);
  }

  /** Writes a role, whatever it takes. */
  void role(SimulatedMount mount, String name, Duration ttl, Duration maxTtl)
      throws InterruptedException {
    until(
        "role " + name,
        () ->
            write(
                mount,
                "roles/name",
                Map.of("name", name),
                Map.of(
                    "role_divisions", List.of(HELD_PAIR),
                    "name_template", name.equals("two") ? "M\u00fcller of {{display_name}}" : "",
                    "ttl", ttl.toSeconds(),
                    "max_ttl", maxTtl.toSeconds())));
  }

  /** Writes once. */
  Optional<Answer> write(
      SimulatedMount mount, String pathId, Map<String, String> captures, Map<String, Object> fields)
      throws InterruptedException {
    return vault.request(
        mount, Call.onPath(Operation.UPDATE, pathId, newRequestId(), captures, fields));
  }

  /** Writes until it worked, as an operator does. */
  void until(String what, RemoteCall.Work<Optional<Answer>> write) throws InterruptedException {
    for (int attempt = 1; attempt <= 40; attempt++) {
      var answer = write.run();
      if (answer.isPresent() && answer.get().success()) {
        return;
      }
      scheduler.trace("world", what + " was not written: " + answer);
      scheduler.sleep(Duration.ofMinutes(1));
    }
    scheduler.violated(what + " cannot be written");
  }

  /** Asks for a credential once. */
  Optional<Answer> creds(SimulatedMount mount, String role, String requestId)
      throws InterruptedException {
    var answer =
        vault.request(
            mount,
            Call.onPath(Operation.READ, "creds/name", requestId, Map.of("name", role), Map.of()));
    if (answer.isPresent() && answer.get() instanceof Answer.OfSidecar(Reply.Content content)) {
      secretHosts.handedOut(content.data());
    }
    return answer;
  }

  /** Asks for a credential as clients of Vault do: again, under another id, on a 5xx. */
  boolean credsWithRetries(SimulatedMount mount, String role) throws InterruptedException {
    for (int attempt = 1; attempt <= 3; attempt++) {
      var answer = creds(mount, role, newRequestId());
      if (answer.isPresent() && !answer.get().serverError()) {
        return answer.get() instanceof Answer.OfSidecar(Reply.Content _);
      }
      scheduler.sleep(Duration.ofMillis(1_250));
    }
    return false;
  }

  /** Disables a mount as an operator does: again, until it worked. */
  void disable(SimulatedMount mount) throws InterruptedException {
    for (int attempt = 1; attempt <= 20; attempt++) {
      if (vault.disable(mount)) {
        return;
      }
      scheduler.sleep(Duration.ofMinutes(2));
    }
    scheduler.violated("the mount cannot be disabled: " + mount);
  }

  /** Moves a mount as an operator does: again, until it worked. */
  void move(SimulatedMount mount, String path) throws InterruptedException {
    for (int attempt = 1; attempt <= 20; attempt++) {
      if (vault.move(mount, path)) {
        return;
      }
      scheduler.sleep(Duration.ofMinutes(2));
    }
    scheduler.violated("the mount cannot be moved: " + mount);
  }

  /** Waits until Vault and the background have nothing more to do, living leases aside. */
  void settle(Duration atMost) throws InterruptedException {
    long begun = scheduler.nanos();
    // Nothing is settled while nobody is there to do it.
    var _ = sidecars.await(null);
    // What shows nowhere yet, such as a write whose answer was lost, is looked at within this time.
    scheduler.sleepQuietly(LONGEST_PAUSE);
    while (!settled() && scheduler.nanos() - begun < atMost.toNanos()) {
      scheduler.sleepQuietly(Duration.ofMinutes(2));
    }
  }

  private boolean settled() {
    boolean revoking =
        vault.leases().stream().anyMatch(lease -> lease.state == SimulatedLease.State.REVOKING);
    return !revoking
        && vault.mounts().stream().allMatch(drains::settled)
        && vault.mounts().stream()
            .allMatch(mount ->
                mount.storage.keys("journal/").isEmpty()
                    && Invariants.credentials(mount).values().stream()
                        .allMatch(StaticInvariants::atRest)
                    && Invariants.records(mount).values().stream()
                        .allMatch(record -> record.state() == ClientRecord.State.ISSUED));
  }

  /** Waits until nothing is left of any lease. */
  void end(Duration atMost) throws InterruptedException {
    long begun = scheduler.nanos();
    while (!ended() && scheduler.nanos() - begun < atMost.toNanos()) {
      scheduler.sleepQuietly(Duration.ofMinutes(10));
    }
  }

  private boolean ended() {
    return vault.leases().stream().noneMatch(lease -> lease.alive(scheduler.now()))
        && settled()
        && vault.mounts().stream().allMatch(mount -> Invariants.records(mount).isEmpty());
  }

  private static String markOf(SimulatedMount mount) {
    try {
      return new MountStorage(mount.storage.bare())
          .mount()
          .get()
          .map(state -> state.mark().value())
          .orElse("");
    } catch (InterruptedException e) {
      throw new IllegalStateException("bare storage does not wait", e);
    }
  }

  /** Has clients in both organisations that look much like those of a mount, and are not. */
  void makeForeigners(SimulatedMount mount) {
    var mark = mount.mark;
    for (var genesys : organizations.values()) {
      var strangers = new Strangers(genesys);
      var _ = strangers.made("vault-demo", "somebody's");
      var _ = strangers.made("vault-demo-" + mark + "0-0123456789abcdef01234567-1", "another mark");
      var _ = strangers.made("vault-demo-0" + mark + "-0123456789abcdef01234567-1", "another mark");
      var _ = strangers.made("wallboard", "was made after the example of mark " + mark);
    }
    invariants.rememberForeign();
  }

  /** Has everything in its place again: no outage, no accident under way. */
  void calm() {
    chaos.genesysDown(false);
    elsewhere.calm();
    people.calm();
    sidecars.startsAfter(Duration.ofMillis(500));
    sidecars.setClockWrong(Duration.ZERO);
    vault.registrationFailures = 0;
  }
}
