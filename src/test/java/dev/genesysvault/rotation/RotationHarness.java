package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.integration.IntegrationCredentialKind;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.history.HistoryIds;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.rotation.RotationRequests.Answer;
import dev.genesysvault.rotation.RotationRequests.Wish;
import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.ClientTemplate;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.RotationAccount;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.storage.UsageCheck;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.InlineTasks;
import dev.genesysvault.testing.PlayedDestinations;
import dev.genesysvault.testing.RecordedEvents;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.upkeep.ClientUpkeep;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.Events;
import dev.genesysvault.upstream.Genesys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Static roles over fakes, on a clock that moves whenever somebody waits. */
final class RotationHarness {
  static final Duration PERIOD = Duration.ofDays(30);
  static final Duration GRACE = Duration.ofHours(1);
  static final Mark MARK = new Mark("0123456789abcdef");
  static final RotationTiming MONTHLY =
      new RotationTiming(PERIOD, "", Duration.ZERO, GRACE, Duration.ZERO, Duration.ZERO);

  /** Who writes roles, before the clock begins. */
  static final Asker ASKER = new Asker("role", "token-ops", "entity-1", "request-0", Instant.EPOCH);

  final FakeTime time = new FakeTime();
  final SoloLocks locks = new SoloLocks(time);
  final SeededRandomness randomness = new SeededRandomness();
  final InMemoryStorage storage = new InMemoryStorage();
  final MountStorage mount = new MountStorage(storage);
  final RecordedEvents events = new RecordedEvents();

  /** What the roles say that are written next. */
  UsageCheck usageCheck = UsageCheck.OFF;

  OnDelete onDelete = OnDelete.AUTO;

  /** Who hears of rotations. */
  Events bus = events;

  final FakeGenesys genesys = new FakeGenesys(time::now);

  /** Whom the sessions ask. */
  Genesys asked = genesys;

  final PlayedDestinations destinations = new PlayedDestinations();

  /** Where the credentials of roles that are written next go. */
  List<DestinationEntry> entries = List.of();

  final EntryLocks entryLocks = new EntryLocks(locks);
  final ClientQueue clientQueue = new ClientQueue(time, locks, randomness, Delays.STANDARD);
  final ClientRecords records = new ClientRecords("mount-1", mount, entryLocks, clientQueue);
  final RotationQueue queue = new RotationQueue(time, this::sharedWaits, randomness);
  final StaticRoleStore credentials;
  private final Parallel parallel = new Parallel(new InlineTasks(), locks);
  private final ByteBuffer memory = ByteBuffer.allocate(StepTrail.BYTES);
  private Rotations rotations = rotations();
  private final ClientUpkeep background =
      new ClientUpkeep(
          time,
          randomness,
          parallel,
          StepTrail.inMemory(time, locks),
          Delays.STANDARD,
          Meters.NONE);
  private final RotationRequests requests = new RotationRequests(time, randomness, Delays.STANDARD);

  /** Until when clients are ended while rotations wait. */
  private Instant sideBySideUntil = FakeTime.START;

  /** Why nobody can act for the mount; empty where somebody can. */
  String unreachable = "";

  /** Until when that is so. */
  Instant unreachableUntil = Instant.MAX;

  /** What configurations say that are written next. */
  Keeping keeping = Keeping.DEFAULT;

  /** What config says when a session asks. */
  Endpoint endpoint = Endpoint.of("mypurecloud.de");

  RotationHarness() throws InterruptedException {
    this(_ -> List.of());
  }

  /**
   * Makes one with kinds of destinations beside those that it has, or in their place.
   *
   * @param more on that clock
   */
  RotationHarness(Function<FakeTime, List<DestinationKind>> more) throws InterruptedException {
    var kinds = new ArrayList<DestinationKind>();
    kinds.add(destinations);
    kinds.add(new IntegrationCredentialKind());
    kinds.addAll(more.apply(time));
    credentials =
        new StaticRoleStore(
            records,
            entryLocks,
            queue,
            new PresentClients("mount-1", queue, locks),
            new OpenDestinations(kinds, time, locks, randomness));
    moveTo("mypurecloud.de");
    mount.mount().put(MountMark.of(MARK));
  }

  /** Makes what a process has, on the trail that the one before left. */
  private Rotations rotations() {
    return new Rotations(
        time, randomness, parallel, new StepTrail(memory, time, locks), Delays.STANDARD);
  }

  /** Runs the rotations of a session until the process dies, and has the next one take over. */
  void rotateToItsDeath() {
    assertThatThrownBy(() -> rotations.run(credentials, this::acting, bus, () -> "genesys/"))
        .isInstanceOf(OutOfMemoryError.class);
    rotations = rotations();
  }

  /** Writes a configuration with other addresses of the same organisation. */
  void moveTo(String domain) throws InterruptedException {
    endpoint = Endpoint.of(domain);
    mount
        .config()
        .put(
            new MountConfig(
                "",
                domain,
                "",
                "",
                false,
                new Credential(new ClientId("own"), Secret.of("own secret")),
                Duration.ZERO,
                Duration.ZERO,
                "vault",
                true,
                new Organization("org-1", "Acme"),
                true,
                endpoint,
                null,
                keeping,
                Map.of()));
  }

  /** Writes a role whose pairs are given, with the first client due. */
  RotationHarness defined(String name) throws InterruptedException {
    return role(name, MONTHLY, "role-1:*", "role-2:div-1");
  }

  RotationHarness role(String name, RotationTiming timing, String... pairs)
      throws InterruptedException {
    var wanted = new TreeSet<RoleDivision>();
    for (var pair : pairs) {
      var parts = pair.split(":", -1);
      wanted.add(new RoleDivision(parts[0], parts[1]));
    }
    return role(name, timing, wanted, "");
  }

  RotationHarness role(String name, RotationTiming timing, Set<RoleDivision> pairs, String template)
      throws InterruptedException {
    var client = new ClientTemplate(pairs, template, Duration.ZERO, "", "", Map.of(), Map.of());
    credentials.put(
        name,
        StaticCredential.empty()
            .with(draft -> {
              draft.nextRotation = time.now();
              draft.original = template.isEmpty() ? null : new ClientId(template);
            }));
    mount
        .staticRoles()
        .entry(name)
        .put(
            new StaticRole(
                client, timing, true, usageCheck, onDelete, entries, ASKER.of("role"), Map.of()));
    return this;
  }

  /** Runs the rotations of a session that ends after this long. */
  RotationHarness rotateFor(Duration length) throws InterruptedException {
    locks.interruptAt(time.now().plus(length));
    rotations.run(credentials, this::acting, bus, () -> "genesys/");
    locks.interruptAt(FakeTime.START.plus(Duration.ofDays(100_000)));
    assertThat(queue.all()).isEmpty();
    return this;
  }

  /** Runs what ends clients, for this long. */
  RotationHarness endFor(Duration length) {
    locks.interruptAt(time.now().plus(length));
    assertThatThrownBy(() -> background.run(records, this::acting))
        .isInstanceOf(InterruptedException.class);
    locks.interruptAt(FakeTime.START.plus(Duration.ofDays(100_000)));
    return this;
  }

  /** Runs the rotations and what ends clients side by side, for this long. */
  RotationHarness liveFor(Duration length) throws InterruptedException {
    sideBySideUntil = time.now().plus(length);
    return rotateFor(length);
  }

  /** What waits for a role lets those work meanwhile that end clients. */
  private Locks.Monitor sharedWaits() {
    var solo = locks.monitor();
    return new Locks.Monitor() {
      @Override
      public void lock() {
        solo.lock();
      }

      @Override
      public void unlock() {
        solo.unlock();
      }

      @Override
      public void await(Duration atMost) throws InterruptedException {
        var left = Duration.between(time.now(), sideBySideUntil);
        if (!left.isPositive() || mount.clients().names().isEmpty()) {
          solo.await(atMost);
          return;
        }
        endFor(atMost.compareTo(left) < 0 ? atMost : left);
        locks.interruptAt(sideBySideUntil);
      }

      @Override
      public void signalAll() {
        solo.signalAll();
      }
    };
  }

  /** Runs until the next rotation is over, grace included, and nothing is left of the former. */
  RotationHarness pastTheNextRotation(String name) throws InterruptedException {
    var due = Objects.requireNonNull(credential(name).nextRotation());
    rotateFor(Duration.between(time.now(), due).plus(GRACE).plus(Duration.ofMinutes(5)));
    endFor(Duration.ofMinutes(10));
    return rotateFor(Duration.ofHours(1));
  }

  Answer ask(String name, boolean force, boolean emergency, boolean outage)
      throws InterruptedException {
    return requests.ask(
        name, new Wish(force, emergency, outage, "", asker(emergency)), credentials);
  }

  private Asker asker(boolean emergency) {
    return new Asker(
        emergency ? "emergency" : "manual",
        ASKER.displayName(),
        "entity-1",
        "request-1",
        time.now());
  }

  /** Asks for a rotation by an id. */
  Answer askAs(String name, String requestId) throws InterruptedException {
    return askAs(name, requestId, false);
  }

  Answer askAs(String name, String requestId, boolean emergency) throws InterruptedException {
    return requests.ask(
        name, new Wish(false, emergency, false, requestId, asker(emergency)), credentials);
  }

  /** Returns the keys of all that is stored and is not kept for whoever audits. */
  List<String> keysBesideHistory() {
    return storage.keys().stream().filter(key -> !key.startsWith("history/")).toList();
  }

  ClientUpkeep.ActorState acting() {
    if (!unreachable.isEmpty() && time.now().isBefore(unreachableUntil)) {
      return new ClientUpkeep.ActorState.NotReady(unreachable);
    }
    return new ClientUpkeep.ActorState.Ready(
        new Actor(
            MARK,
            new ClientId("own"),
            new Organization("org-1", "Acme"),
            endpoint,
            asked,
            _ -> Optional.empty()));
  }

  StaticCredential credential(String name) throws InterruptedException {
    return credentials.get(name).orElseThrow();
  }

  Credential current(String name) throws InterruptedException {
    return Objects.requireNonNull(credential(name).current()).credential().orElseThrow();
  }

  ClientId previous(String name) throws InterruptedException {
    return Objects.requireNonNull(Objects.requireNonNull(credential(name).previous()).clientId());
  }

  Instant graceEnd(String name) throws InterruptedException {
    return Objects.requireNonNull(credential(name).graceEnd());
  }

  /** Returns a client as Genesys shows it. */
  ClientBody body(ClientId id) {
    return Objects.requireNonNull(genesys.held().get(id));
  }

  boolean active(ClientId id) {
    return genesys.held().getOrDefault(id, new ClientBody(Map.of())).text("state").equals("active");
  }

  List<String> calls() {
    return genesys.calls();
  }

  /** Has somebody delete a static role by now. */
  void deleted(String name) throws InterruptedException {
    var now = time.now();
    credentials.put(
        name,
        credential(name)
            .with(draft -> {
              draft.phase = Phase.DELETING;
              draft.deletion =
                  new RotationAccount(
                      HistoryIds.of(now, Objects.requireNonNull(draft.current).key()),
                      now,
                      List.of(ASKER.of("deleted")),
                      List.of());
            }));
  }
}
