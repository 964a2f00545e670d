package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.IssueResult;
import dev.genesysvault.client.Issuing;
import dev.genesysvault.client.LeaseData;
import dev.genesysvault.client.LeaseRevocation;
import dev.genesysvault.client.Orders;
import dev.genesysvault.client.RevokeOutcome;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.JournalEntry;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.InlineTasks;
import dev.genesysvault.testing.RecordedMeters;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.LiveClients;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A background session over fakes, on a clock that moves whenever it waits. */
public final class UpkeepHarness {
  final FakeTime time = new FakeTime();
  final SoloLocks locks = new SoloLocks(time);
  final SeededRandomness randomness = new SeededRandomness();
  public final InMemoryStorage storage = new InMemoryStorage();
  final MountStorage mount = new MountStorage(storage);
  public final FakeGenesys genesys = new FakeGenesys(time::now);
  final ClientQueue clientQueue = new ClientQueue(time, locks, randomness, Delays.STANDARD);
  final ClientRecords records =
      new ClientRecords("mount-1", mount, new EntryLocks(locks), clientQueue);
  final RecordedMeters meters = new RecordedMeters();
  final ByteBuffer memory = ByteBuffer.allocate(StepTrail.BYTES);
  ClientUpkeep background = started();
  String organization = "org-1";
  LiveClients live = Orders.NONE;

  /** Makes what a process has, on the trail that the one before left. */
  private ClientUpkeep started() {
    return new ClientUpkeep(
        time,
        randomness,
        new Parallel(new InlineTasks(), locks),
        new StepTrail(memory, time, locks),
        Delays.STANDARD,
        meters);
  }

  /** Has another process take over. */
  void restart() {
    background = started();
  }

  /** Returns the steps that the next process would suspect. */
  List<String> suspects() {
    var copy = ByteBuffer.allocate(StepTrail.BYTES).put(0, memory, 0, StepTrail.BYTES);
    return new StepTrail(copy, time, locks)
        .suspects().stream().map(StepTrail.Suspect::step).toList();
  }

  public UpkeepHarness configured() throws InterruptedException {
    Orders.configure(storage);
    mount.mount().put(MountMark.of(Orders.MARK));
    storage.forgetOperations();
    return this;
  }

  /** Runs a session that is interrupted after this long. */
  public void runFor(Duration length) {
    locks.interruptAt(time.now().plus(length));
    assertThatThrownBy(() -> background.run(records, this::acting))
        .isInstanceOf(InterruptedException.class);
    locks.interruptAt(FakeTime.START.plus(Duration.ofDays(10_000)));
    assertThat(clientQueue.all()).isEmpty();
  }

  ClientUpkeep.ActorState acting() throws InterruptedException {
    if (mount.config().get().isEmpty()) {
      return new ClientUpkeep.ActorState.NotReady("not configured");
    }
    return new ClientUpkeep.ActorState.Ready(actor());
  }

  private Actor actor() {
    return new Actor(
        Orders.MARK,
        new ClientId("own"),
        new Organization(organization, ""),
        Orders.ENDPOINT,
        genesys,
        live);
  }

  void issue() throws InterruptedException {
    assertThat(tryToIssue()).isInstanceOf(IssueResult.Issued.class);
    genesys.forgetCalls();
    storage.forgetOperations();
  }

  public IssueResult tryToIssue() throws InterruptedException {
    return new Issuing(time, locks, Delays.STANDARD)
        .issue(Orders.demo(), genesys, records, Deadline.in(Duration.ofSeconds(60), time));
  }

  /** Revokes what was issued, as a request does. */
  RevokeOutcome revoke() throws InterruptedException {
    var once =
        new Retry(time, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), randomness), 1);
    return new LeaseRevocation(time, Delays.STANDARD, once)
        .end(
            lease(Orders.KEY, clientId(), Orders.MARK, false),
            FakeTime.START,
            LeaseRevocation.Promise.STRICT,
            actor(),
            records,
            Deadline.in(Duration.ofSeconds(60), time));
  }

  public ClientRecord record() throws InterruptedException {
    return mount.client(Orders.KEY).get().orElseThrow();
  }

  ClientId clientId() throws InterruptedException {
    return Objects.requireNonNull(record().clientId());
  }

  void retiring(String key) throws InterruptedException {
    var creating = creating(key);
    var id = genesys.hold("client-of-" + key, creating.body());
    mount
        .client(new ClientKey(key))
        .put(creating.issued(id, time.now().plus(Duration.ofHours(1))).retiring(""));
  }

  ClientRecord creating(String key) {
    var demo = Orders.demo();
    var name = ClientNaming.name("vault-demo", Orders.MARK, new ClientKey(key), 1);
    return new ClientRecord(
        State.CREATING,
        ClientRecord.Kind.DYNAMIC,
        List.of(name),
        null,
        "org-1",
        "demo",
        ClientBody.of(name, "", Duration.ofHours(1), demo.roleDivisions(), Map.of()),
        time.now(),
        time.now(),
        null,
        null,
        "",
        "",
        "",
        Map.of());
  }

  void journal(ClientKey key, ClientId id, Mark mark) throws InterruptedException {
    journal(key, id, mark, true);
  }

  void journal(ClientKey key, ClientId id, Mark mark, boolean promised)
      throws InterruptedException {
    mount
        .journal()
        .entry(key.value())
        .put(new JournalEntry(lease(key, id, mark, promised).members(), FakeTime.START, Map.of()));
  }

  private static LeaseData lease(ClientKey key, ClientId id, Mark mark, boolean promised) {
    return new LeaseData(
        key,
        id,
        "org-1",
        List.of(ClientNaming.name("vault-demo", mark, key, 1)),
        mark,
        Duration.ofHours(1),
        promised);
  }
}
