package dev.genesysvault.simulation;

import dev.genesysvault.engine.Operation;
import dev.genesysvault.engine.Reply;
import dev.genesysvault.lifecycle.Delays;
import dev.genesysvault.simulator.Knob;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.MountStorage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Everything that one schedule is about: two organisations, Vault, the sidecar, and who uses them.
 */
final class SimulatedWorld {
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
  private final Map<String, SimulatedGenesys> organizations = new LinkedHashMap<>();
  private final SimulatedProcess outside;
  private final List<Reader> readers = new ArrayList<>();
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
    this.chaos = new StagedChaos(chaos);
    this.outside = new SimulatedProcess(scheduler, "world");
    InstantSource clock = scheduler::now;
    organizations.put("a.test", new SimulatedGenesys(clock, random.split()));
    var other = new SimulatedGenesys(clock, random.split());
    other.turn(Map.of(Knob.ORGANIZATION.key(), "other"));
    organizations.put("b.test", other);
    var doors = scheduler.randomness(random.split());
    var deaths = new Deaths();
    var network =
        new SimulatedNetwork(scheduler, this.chaos, deaths, organizations, this::afterEffect);
    this.sidecars = new SidecarHost(scheduler, network::of, doors, delays);
    this.vault = new SimulatedVault(scheduler, sidecars, random.split());
    this.invariants = new Invariants(this);
    deaths.vault = Optional.of(vault);
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

  private void afterEffect() {
    invariants.checkLeased().or(invariants::checkHeld).ifPresent(scheduler::violated);
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
    mount.strict |= revocation.equals("strict");
    return write(
        mount,
        "config",
        Map.of(),
        Map.of(
            "api_url",
            "https://api." + domain,
            "login_url",
            "https://login." + domain,
            "client_id",
            Seed.CLIENT_ID,
            "client_secret",
            Seed.CLIENT_SECRET,
            "revocation",
            revocation));
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

  List<Reader> readers() {
    return readers;
  }

  List<Reader> readersOf(SimulatedMount mount, String role) {
    return readers.stream()
        .filter(reader -> reader.mount == mount && reader.role.equals(role))
        .toList();
  }

  /** Writes a static role, whatever it takes, and has an application read its credential. */
  Reader staticRole(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    until("static role " + name, () -> writeStaticRole(mount, name, period, grace));
    return reader(mount, name);
  }

  /** As {@link #staticRole}, whose clients are copies of one that somebody made. */
  Reader copyingRole(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var original = new Strangers(organization("a.test")).original("wallboard");
    mount.originals.put(name, original);
    var fields = new LinkedHashMap<>(timing(period, grace));
    fields.put("template_client_id", String.valueOf(original.get("id")));
    until(
        "static role " + name,
        () -> write(mount, "static-roles/name", Map.of("name", name), fields));
    return reader(mount, name);
  }

  /** As {@link #staticRole}, which begins with a client that somebody made. */
  Reader importingRole(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var original = deferredRole(mount, name, period, grace);
    until("import into " + name, () -> imported(mount, name, original));
    return reader(mount, name);
  }

  /** Makes a static role that waits for the import of a client that somebody made; gives that. */
  Map<String, Object> deferredRole(
      SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var original = new Strangers(organization("a.test")).original("wallboard");
    mount.originals.put(name, original);
    var fields = new LinkedHashMap<>(timing(period, grace));
    fields.put("defer_initial_creds", true);
    until(
        "static role " + name,
        () -> write(mount, "static-roles/name", Map.of("name", name), fields));
    return original;
  }

  /** Imports a client into a role of its own, or nearly, and lets it go. */
  void importAndRelease(SimulatedMount mount, String name) throws InterruptedException {
    var original = deferredRole(mount, name, Duration.ofDays(30), Duration.ofHours(1));
    var _ = imported(mount, name, original);
    scheduler.sleep(Duration.ofMinutes(1));
    until("deletion of static role " + name, () -> deleteStaticRole(mount, name));
  }

  /** A client that was adopted is refused the second time. */
  private Optional<Answer> imported(SimulatedMount mount, String name, Map<String, Object> original)
      throws InterruptedException {
    var answer =
        write(
            mount,
            "static-roles/import",
            Map.of("name", name),
            Map.of(
                "client_id", String.valueOf(original.get("id")),
                "client_secret", String.valueOf(original.get("secret"))));
    var credential = Invariants.credentials(mount).get(name);
    return credential == null || credential.current() == null
        ? answer
        : Optional.of(new Answer.OfSidecar(new Reply.Nothing()));
  }

  private Reader reader(SimulatedMount mount, String name) {
    var reader = new Reader(this, mount, name).start();
    readers.add(reader);
    mount.staticRoles.add(name);
    return reader;
  }

  private static Map<String, Object> timing(Duration period, Duration grace) {
    return Map.of(
        "rotation_period", period.toSeconds(),
        "grace_period", grace.toSeconds(),
        "stagger", 0);
  }

  /** Has every static credential rest for a while, whatever it takes. */
  void restStaticRoles(SimulatedMount mount) throws InterruptedException {
    for (var name : mount.storage.keys("static-roles/")) {
      var role = name.substring("static-roles/".length());
      until(
          "a longer period of " + role,
          () -> {
            var answer = writeStaticRole(mount, role, Duration.ofDays(30), Duration.ofMinutes(12));
            // It may be on its way out.
            return mount.storage.keys(name).isEmpty()
                ? Optional.of(new Answer.OfSidecar(new Reply.Nothing()))
                : answer;
          });
    }
  }

  /** Writes a static role once. */
  Optional<Answer> writeStaticRole(
      SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    return writeStaticRole(mount, name, period, grace, Map.of());
  }

  /** As {@link #writeStaticRole}, with further fields. */
  Optional<Answer> writeStaticRole(
      SimulatedMount mount,
      String name,
      Duration period,
      Duration grace,
      Map<String, Object> further)
      throws InterruptedException {
    var fields = new LinkedHashMap<>(timing(period, grace));
    fields.putAll(mount.staticFields);
    fields.put("role_divisions", List.of(HELD_PAIR));
    fields.putAll(further);
    if (fields.containsKey("rotation_schedule")) {
      fields.remove("rotation_period");
    }
    if (mount.originals.containsKey(name)) {
      fields.remove("role_divisions");
    } else if (fields.get("role_divisions") instanceof List<?> pairs) {
      var asked = mount.askedPairs.computeIfAbsent(name, _ -> new HashSet<>());
      asked.add(pairs.stream().map(String::valueOf).collect(Collectors.toSet()));
    }
    return write(mount, "static-roles/name", Map.of("name", name), fields);
  }

  /** Writes a static role that was deleted, once; where that worked, an application reads it. */
  void makeStaticRoleAnew(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var deleted = mount.deletedUntil.get(name);
    if (deleted == null || scheduler.now().isBefore(deleted)) {
      return;
    }
    mount.originals.remove(name);
    var answer = writeStaticRole(mount, name, period, grace);
    // Who deleted it meanwhile may mean the new one.
    boolean deletedAgain = !deleted.equals(mount.deletedUntil.get(name));
    if (answer.isPresent() && answer.get().success() && !deletedAgain) {
      var _ = reader(mount, name);
    }
  }

  /** Has a static credential rotated now, once; {@code flags} are those that are true. */
  Optional<Answer> rotate(SimulatedMount mount, String name, String... flags)
      throws InterruptedException {
    var fields = new LinkedHashMap<String, Object>();
    for (var flag : flags) {
      fields.put(flag, true);
      readersOf(mount, name).forEach(Reader::excuse);
    }
    return write(mount, "rotate-role/name", Map.of("name", name), fields);
  }

  /** Deletes every static role of a mount, whatever it takes. */
  void deleteStaticRoles(SimulatedMount mount) throws InterruptedException {
    for (var name : mount.storage.keys("static-roles/")) {
      var role = name.substring("static-roles/".length());
      readersOf(mount, role).forEach(Reader::end);
      until("deletion of static role " + role, () -> deleteStaticRole(mount, role));
    }
  }

  /** Deletes a static role once. */
  Optional<Answer> deleteStaticRole(SimulatedMount mount, String role) throws InterruptedException {
    mount.deletedUntil.put(role, Instant.MAX);
    var answer =
        vault.request(
            mount,
            Call.onPath(
                Operation.DELETE,
                "static-roles/name",
                newRequestId(),
                Map.of("name", role),
                Map.of()));
    mount.deletedUntil.put(role, scheduler.now().plus(Reader.LONGEST_WISH));
    return answer;
  }

  /** Has every static credential of a mount rotated, whatever it takes. */
  void rotateStaticRoles(SimulatedMount mount) throws InterruptedException {
    for (var name : mount.storage.keys("static-roles/")) {
      var role = name.substring("static-roles/".length());
      until("rotation of " + role, () -> rotate(mount, role));
    }
  }

  private Optional<Answer> write(
      SimulatedMount mount, String pathId, Map<String, String> captures, Map<String, Object> fields)
      throws InterruptedException {
    return vault.request(
        mount, Call.onPath(Operation.UPDATE, pathId, newRequestId(), captures, fields));
  }

  private void until(String what, RemoteCall.Work<Optional<Answer>> write)
      throws InterruptedException {
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
    return vault.request(
        mount,
        Call.onPath(Operation.READ, "creds/name", requestId, Map.of("name", role), Map.of()));
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
    sidecars.startsAfter(Duration.ofMillis(500));
    sidecars.setClockWrong(Duration.ZERO);
    vault.registrationFailures = 0;
  }
}
