package dev.genesysvault.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.JournalEntry;
import dev.genesysvault.storage.MountState;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.InlineTasks;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The background session on a clock that moves whenever it waits. */
final class BackgroundTest {
  private final FakeTime time = new FakeTime();
  private final SoloLocks locks = new SoloLocks(time);
  private final SeededRandomness randomness = new SeededRandomness();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final MountStorage mount = new MountStorage(storage);
  private final FakeGenesys genesys = new FakeGenesys();
  private final Backlog backlog = new Backlog(time, locks, randomness, Delays.STANDARD);
  private final ClientRecords records =
      new ClientRecords("mount-1", mount, new EntryLocks(locks), backlog);
  private final Background background =
      new Background(time, randomness, new Parallel(new InlineTasks(), locks), Delays.STANDARD);
  private String organization = "org-1";

  @BeforeEach
  void configure() throws InterruptedException {
    Orders.configure(storage);
    mount.mount().put(new MountState(Orders.MARK, Map.of()));
    storage.forgetOperations();
  }

  @Test
  void asks_nothing_where_nothing_is_due() throws Exception {
    issue();
    runFor(Duration.ofMinutes(50));

    assertThat(storage.operations())
        .containsExactly("list clients/", "get " + Orders.RECORD, "list journal/");
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void ends_a_retiring_client_with_two_calls_and_one_write() throws Exception {
    issue();
    mount.client(Orders.KEY).put(record().retiring(""));
    storage.forgetOperations();

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("replace", "delete");
    assertThat(storage.writes()).containsExactly("delete " + Orders.RECORD);
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void deactivates_all_before_it_deletes_any_and_the_oldest_first() throws Exception {
    for (var name : List.of("c", "a", "b")) {
      retiring(name);
      time.advance(Duration.ofSeconds(1));
    }
    genesys.forgetCalls();

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls())
        .containsExactly("replace", "replace", "replace", "delete", "delete", "delete");
    assertThat(storage.writes().subList(storage.writes().size() - 3, storage.writes().size()))
        .containsExactly("delete clients/c", "delete clients/a", "delete clients/b");
  }

  @Test
  void tries_again_until_genesys_is_back_and_keeps_the_last_error() throws Exception {
    retiring("a");
    for (int i = 0; i < 20; i++) {
      genesys.beAway("replace");
    }

    runFor(Duration.ofMinutes(2));
    assertThat(genesys.held()).hasSize(1);
    assertThat(genesys.calls().size()).isBetween(3, 60);

    runFor(Duration.ofHours(4));
    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void shows_attempts_and_last_error_while_it_waits() throws Exception {
    retiring("a");
    genesys.beAway("replace");
    locks.meanwhile(() -> {
      var client = backlog.of(new ClientKey("a")).orElseThrow();
      assertThat(client.attempts()).isEqualTo(1);
      assertThat(client.lastError()).contains("told to be away");
      assertThat(backlog.condition().trouble()).contains("told to be away");
      assertThat(backlog.pressed()).isTrue();
    });

    runFor(Duration.ofHours(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void waits_as_long_as_genesys_asks() throws Exception {
    retiring("a");
    genesys.limit("replace", Duration.ofMinutes(30));

    runFor(Duration.ofMinutes(29));
    assertThat(genesys.calls()).containsExactly("replace");

    // The next session knows nothing of the pause; the request budget would hold it.
    genesys.limit("replace", Duration.ofMinutes(30));
    runFor(Duration.ofMinutes(31));
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void calls_a_client_stuck_that_the_mount_may_not_touch_and_says_what_to_do() throws Exception {
    retiring("a");
    genesys.refuse("replace", 403, "not.authorized");

    runFor(Duration.ofMinutes(20));

    var client = mount.client(new ClientKey("a")).get().orElseThrow();
    assertThat(client.state()).isEqualTo(State.STUCK);
    assertThat(client.lastError())
        .contains("HTTP 403 not.authorized")
        .contains("must itself hold each of [role-1:*]");
    assertThat(genesys.calls()).containsExactly("replace");
  }

  @Test
  void tries_a_stuck_client_again_within_the_hour() throws Exception {
    retiring("a");
    genesys.refuse("replace", 403, "not.authorized");

    runFor(Duration.ofMinutes(61));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void tries_a_stuck_client_at_once_when_it_is_hurried() throws Exception {
    retiring("a");
    genesys.refuse("replace", 403, "not.authorized");
    locks.meanwhile(() -> backlog.hurry(client -> client.key().equals(new ClientKey("a"))));

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void does_not_deactivate_again_what_genesys_does_not_delete_yet() throws Exception {
    retiring("a");
    for (int i = 0; i < 10; i++) {
      genesys.refuse("delete", 409, "conflict");
    }

    runFor(Duration.ofDays(3));

    assertThat(genesys.calls().stream().filter("replace"::equals)).hasSize(1);
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void remembers_over_a_restart_that_a_client_is_deactivated() throws Exception {
    retiring("a");
    genesys.refuse("delete", 409, "conflict");
    runFor(Duration.ofSeconds(1));
    genesys.forgetCalls();

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("delete");
  }

  @Test
  void deactivates_a_client_again_that_somebody_activated() throws Exception {
    retiring("a");
    genesys.refuse("delete", 400, "cannot.delete.client");
    runFor(Duration.ofSeconds(1));
    var id = genesys.held().keySet().iterator().next();
    genesys.hold(id.value(), new ClientBody(Map.of("name", "vault-demo-x", "state", "active")));

    runFor(Duration.ofHours(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void ends_a_client_whose_deadline_has_come_and_no_other() throws Exception {
    issue();

    runFor(Duration.ofMinutes(69));
    assertThat(genesys.held()).hasSize(1);

    runFor(Duration.ofMinutes(2));
    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void ends_what_turns_up_late_of_a_create_whose_answer_was_lost() throws Exception {
    genesys.loseReply("create", false).loseReply("create", false).loseReply("create", false);
    assertThat(tryToIssue()).isInstanceOf(Issuance.Failed.class);
    var name = record().names().getFirst().value();
    time.advance(Duration.ofMinutes(3));
    runFor(Duration.ofSeconds(1));
    genesys.hold(
        "late", new ClientBody(Map.of("name", name, "state", "active", "description", "d")));
    genesys.hold("payroll", new ClientBody(Map.of("name", "payroll", "state", "active")));

    runFor(Duration.ofMinutes(10));

    assertThat(genesys.held()).containsOnlyKeys(new ClientId("payroll"));
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void keeps_the_record_of_a_lost_create_until_nothing_can_turn_up() throws Exception {
    genesys.beAway("list").loseReply("create", false);
    assertThat(tryToIssue()).isInstanceOf(Issuance.Failed.class);

    runFor(Duration.ofSeconds(89));
    assertThat(genesys.calls()).containsExactly("create", "list");

    runFor(Duration.ofMinutes(5));
    assertThat(storage.keys()).contains(Orders.RECORD);

    runFor(Duration.ofSeconds(90));
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void lists_once_for_all_that_it_searches() throws Exception {
    for (var key : List.of("a", "b", "c")) {
      mount.client(new ClientKey(key)).put(creating(key));
    }

    runFor(Duration.ofSeconds(91));

    assertThat(genesys.calls()).containsExactly("list");
  }

  @Test
  void takes_over_what_the_plugin_wrote_down() throws Exception {
    issue();
    journal(Orders.KEY, clientId(), Orders.MARK);

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void writes_the_record_before_it_forgets_what_the_plugin_wrote_down() throws Exception {
    issue();
    journal(Orders.KEY, clientId(), Orders.MARK);
    storage.forgetOperations();
    genesys.beAway("replace");

    runFor(Duration.ofMillis(1));

    assertThat(storage.writes())
        .containsExactly("put " + Orders.RECORD, "delete journal/" + Orders.KEY);
  }

  @Test
  void takes_over_a_revoke_whose_record_is_gone() throws Exception {
    issue();
    journal(Orders.KEY, clientId(), Orders.MARK);
    mount.client(Orders.KEY).delete();
    genesys.forgetCalls();

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("get", "replace", "delete");
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void leaves_a_journaled_revoke_of_another_mount_where_it_is() throws Exception {
    issue();
    journal(Orders.KEY, clientId(), new Mark("other"));

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).hasSize(1);
    assertThat(storage.keys()).contains("journal/" + Orders.KEY);
  }

  @Test
  void reads_the_journal_again_when_the_plugin_has_written_to_it() throws Exception {
    issue();
    var id = clientId();
    locks.meanwhile(() -> {
      journal(Orders.KEY, id, Orders.MARK);
      backlog.journalWritten();
    });

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void touches_no_client_of_another_organisation() throws Exception {
    retiring("a");
    organization = "org-2";
    genesys.forgetCalls();

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).isEmpty();
    assertThat(mount.client(new ClientKey("a")).get().orElseThrow().state()).isEqualTo(State.STUCK);
  }

  @Test
  void waits_for_a_configuration() throws Exception {
    retiring("a");
    mount.config().delete();

    runFor(Duration.ofHours(1));

    assertThat(genesys.held()).hasSize(1);
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void goes_on_when_storage_works_again() throws Exception {
    retiring("a");
    storage.failWhen(StorageException.Kind.OTHER, op -> time.now().isBefore(soon()));

    runFor(Duration.ofMinutes(5));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void ends_a_client_whose_issue_could_not_be_stored() throws Exception {
    locks.meanwhile(() -> {
      storage.failWhen(
          StorageException.Kind.OTHER,
          op -> op.equals("put " + Orders.RECORD) && !genesys.held().isEmpty());
      genesys.beAway("replace");
      assertThatThrownBy(this::tryToIssue).isInstanceOf(StorageException.class);
      storage.failWhen(StorageException.Kind.OTHER, _ -> false);
    });

    runFor(Duration.ofMinutes(10));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void says_that_a_record_cannot_be_read_and_goes_on() throws Exception {
    storage.put("clients/broken", new byte[] {'{'});
    retiring("a");

    runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).contains("clients/broken");
  }

  private static Instant soon() {
    return FakeTime.START.plusSeconds(60);
  }

  /** Runs a session that is interrupted after this long. */
  private void runFor(Duration length) {
    locks.interruptAt(time.now().plus(length));
    assertThatThrownBy(() -> background.run(records, this::acting))
        .isInstanceOf(InterruptedException.class);
    locks.interruptAt(FakeTime.START.plus(Duration.ofDays(10_000)));
    assertThat(backlog.all()).isEmpty();
  }

  private Background.Acting acting() throws InterruptedException {
    if (mount.config().get().isEmpty()) {
      return new Background.Acting.NotReady("not configured");
    }
    return new Background.Acting.Ready(
        new Actor(Orders.MARK, new ClientId("own"), new Organization(organization, ""), genesys));
  }

  private void issue() throws InterruptedException {
    assertThat(tryToIssue()).isInstanceOf(Issuance.Issued.class);
    genesys.forgetCalls();
    storage.forgetOperations();
  }

  private Issuance tryToIssue() throws InterruptedException {
    return new Issuing(time, locks, Delays.STANDARD)
        .issue(Orders.demo(), genesys, records, Deadline.in(Duration.ofSeconds(60), time));
  }

  private ClientRecord record() throws InterruptedException {
    return mount.client(Orders.KEY).get().orElseThrow();
  }

  private ClientId clientId() throws InterruptedException {
    return Objects.requireNonNull(record().clientId());
  }

  private void retiring(String key) throws InterruptedException {
    var creating = creating(key);
    var id = genesys.hold("client-of-" + key, creating.body());
    mount
        .client(new ClientKey(key))
        .put(creating.issued(id, time.now().plus(Duration.ofHours(1))).retiring(""));
  }

  private ClientRecord creating(String key) {
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

  private void journal(ClientKey key, ClientId id, Mark mark) throws InterruptedException {
    var lease =
        new LeaseData(
            key,
            id,
            "org-1",
            List.of(ClientNaming.name("vault-demo", mark, key, 1)),
            mark,
            Duration.ofHours(1),
            true);
    mount
        .journal()
        .entry(key.value())
        .put(new JournalEntry(lease.members(), FakeTime.START, Map.of()));
  }
}
