package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How clients that have to go are ended, whatever fails. */
final class ClientUpkeepTest {
  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeTime time = session.time;
  private final SoloLocks locks = session.locks;
  private final InMemoryStorage storage = session.storage;
  private final MountStorage mount = session.mount;
  private final FakeGenesys genesys = session.genesys;
  private final ClientQueue clientQueue = session.clientQueue;
  private final ClientRecords records = session.records;

  @BeforeEach
  void configure() throws InterruptedException {
    session.configured();
  }

  @Test
  void asks_nothing_where_nothing_is_due() throws Exception {
    session.issue();
    session.runFor(Duration.ofMinutes(50));

    assertThat(storage.operations())
        .containsExactly("get drain", "list clients/", "get " + Orders.RECORD, "list journal/");
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void ends_a_retiring_client_with_two_calls_and_one_write() throws Exception {
    session.issue();
    mount.client(Orders.KEY).put(session.record().retiring(""));
    storage.forgetOperations();

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("replace", "delete");
    assertThat(storage.writes()).containsExactly("delete " + Orders.RECORD);
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void deactivates_all_before_it_deletes_any_and_the_oldest_first() throws Exception {
    for (var name : List.of("c", "a", "b")) {
      session.retiring(name);
      time.advance(Duration.ofSeconds(1));
    }
    genesys.forgetCalls();

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls())
        .containsExactly("replace", "replace", "replace", "delete", "delete", "delete");
    assertThat(storage.writes().subList(storage.writes().size() - 3, storage.writes().size()))
        .containsExactly("delete clients/c", "delete clients/a", "delete clients/b");
  }

  @Test
  void tries_again_until_genesys_is_back_and_keeps_the_last_error() throws Exception {
    session.retiring("a");
    for (int i = 0; i < 20; i++) {
      genesys.beAway("replace");
    }

    session.runFor(Duration.ofMinutes(2));
    assertThat(genesys.held()).hasSize(1);
    assertThat(genesys.calls().size()).isBetween(3, 60);

    session.runFor(Duration.ofHours(4));
    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void shows_attempts_and_last_error_while_it_waits() throws Exception {
    session.retiring("a");
    genesys.beAway("replace");
    locks.meanwhile(() -> {
      var client = clientQueue.of(new ClientKey("a")).orElseThrow();
      assertThat(client.attempts()).isEqualTo(1);
      assertThat(client.lastError()).contains("told to be away");
      assertThat(clientQueue.status().trouble()).contains("told to be away");
      assertThat(clientQueue.pressed()).isTrue();
    });

    session.runFor(Duration.ofHours(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void waits_as_long_as_genesys_asks() throws Exception {
    session.retiring("a");
    genesys.limit("replace", Duration.ofMinutes(30));

    session.runFor(Duration.ofMinutes(29));
    assertThat(genesys.calls()).containsExactly("replace");

    // The next session knows nothing of the pause; the request budget would hold it.
    genesys.limit("replace", Duration.ofMinutes(30));
    session.runFor(Duration.ofMinutes(31));
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void calls_a_client_stuck_that_the_mount_may_not_touch_and_says_what_to_do() throws Exception {
    session.retiring("a");
    genesys.refuse("replace", 403, "not.authorized");

    session.runFor(Duration.ofMinutes(20));

    var client = mount.client(new ClientKey("a")).get().orElseThrow();
    assertThat(client.state()).isEqualTo(State.STUCK);
    assertThat(client.lastError())
        .contains("HTTP 403 not.authorized")
        .contains("must itself hold each of [role-1:*]");
    assertThat(genesys.calls()).containsExactly("replace");
  }

  @Test
  void tells_of_a_stuck_client_once_whatever_ids_genesys_gives_to_its_refusals() throws Exception {
    session.retiring("a");
    storage.forgetOperations();
    for (int i = 0; i < 100; i++) {
      genesys.refuse(new Refused("replace", 403, "no", "No.", "a; %d. (x)".formatted(i)));
    }

    try (var logs = new CapturedLogs()) {
      session.runFor(Duration.ofHours(4));

      assertThat(logs.lines(Level.WARN)).hasSize(1);
    }
    assertThat(storage.writes()).filteredOn("put clients/a"::equals).hasSize(1);
    assertThat(genesys.calls()).hasSizeGreaterThan(3).containsOnly("replace");
  }

  @Test
  void tells_of_a_stuck_client_again_where_genesys_refuses_something_else() throws Exception {
    session.retiring("a");
    for (int i = 1; i <= 9; i++) {
      var said = i == 1 ? "No; correlation id role-1" : "No; correlation id role-2";
      genesys.refuse(new Refused("replace", 403, "no", said, "cid-" + i));
    }

    session.runFor(Duration.ofHours(4));

    assertThat(mount.client(new ClientKey("a")).get().orElseThrow().lastError())
        .contains("role-2; correlation id cid-2");
  }

  @Test
  void tries_a_stuck_client_again_within_the_hour() throws Exception {
    session.retiring("a");
    genesys.refuse("replace", 403, "not.authorized");

    session.runFor(Duration.ofMinutes(61));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void tries_a_stuck_client_at_once_when_it_is_hurried() throws Exception {
    session.retiring("a");
    genesys.refuse("replace", 403, "not.authorized");
    locks.meanwhile(() -> clientQueue.hurry(client -> client.key().equals(new ClientKey("a"))));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void does_not_deactivate_again_what_genesys_does_not_delete_yet() throws Exception {
    session.retiring("a");
    for (int i = 0; i < 10; i++) {
      genesys.refuse("delete", 409, "conflict");
    }

    session.runFor(Duration.ofDays(3));

    assertThat(genesys.calls().stream().filter("replace"::equals)).hasSize(1);
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void calls_a_client_stuck_that_genesys_does_not_delete_for_eight_days() throws Exception {
    session.retiring("a");
    for (int i = 0; i < 1_000; i++) {
      genesys.refuse("delete", 409, "conflict");
    }

    session.runFor(Duration.ofDays(7));
    var client = mount.client(new ClientKey("a")).get().orElseThrow();
    assertThat(client.state()).isEqualTo(State.RETIRING);

    session.runFor(Duration.ofDays(2));
    client = mount.client(new ClientKey("a")).get().orElseThrow();
    assertThat(client.state()).isEqualTo(State.STUCK);
    assertThat(client.lastError()).contains("still does not delete it").contains("retry");
    assertThat(genesys.calls().stream().filter("replace"::equals)).hasSize(1);
  }

  @Test
  void remembers_over_a_restart_that_a_client_is_deactivated() throws Exception {
    session.retiring("a");
    genesys.refuse("delete", 409, "conflict");
    session.runFor(Duration.ofSeconds(1));
    genesys.forgetCalls();

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("delete");
  }

  @Test
  void deactivates_a_client_again_that_somebody_activated() throws Exception {
    session.retiring("a");
    genesys.refuse("delete", 400, "cannot.delete.client");
    session.runFor(Duration.ofSeconds(1));
    var id = genesys.held().keySet().iterator().next();
    genesys.hold(id.value(), new ClientBody(Map.of("name", "vault-demo-x", "state", "active")));

    session.runFor(Duration.ofHours(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void touches_no_client_of_another_organisation() throws Exception {
    session.retiring("a");
    session.organization = "org-2";
    genesys.forgetCalls();

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).isEmpty();
    assertThat(mount.client(new ClientKey("a")).get().orElseThrow().state()).isEqualTo(State.STUCK);
  }

  @Test
  void looks_again_at_a_404_until_nothing_can_be_hidden_any_more() throws Exception {
    session.retiring("a");
    genesys.refuse("replace", 404, "not.found");

    session.runFor(Duration.ofMinutes(4));
    assertThat(genesys.calls()).containsExactly("replace");

    session.runFor(Duration.ofMinutes(2));
    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void takes_a_404_past_the_visibility_delay_for_gone() throws Exception {
    session.retiring("a");
    time.advance(Duration.ofMinutes(7));
    genesys.refuse("replace", 404, "not.found");

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("replace");
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void never_touches_the_mounts_own_client_whatever_a_record_says() throws Exception {
    var key = new ClientKey("a");
    mount
        .client(key)
        .put(session.creating("a").issued(new ClientId("own"), time.now()).retiring(""));

    session.runFor(Duration.ofHours(3));

    assertThat(genesys.calls()).isEmpty();
    assertThat(mount.client(key).get().orElseThrow().state()).isEqualTo(State.STUCK);
  }

  @Test
  void waits_for_a_configuration() throws Exception {
    session.retiring("a");
    mount.config().delete();

    session.runFor(Duration.ofHours(1));

    assertThat(genesys.held()).hasSize(1);
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void goes_on_when_storage_works_again() throws Exception {
    session.retiring("a");
    storage.failWhen(
        StorageException.Kind.OTHER, op -> time.now().isBefore(FakeTime.START.plusSeconds(60)));

    session.runFor(Duration.ofMinutes(5));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void believes_what_a_request_wrote_since_the_session_read_the_record() throws Exception {
    session.issue();
    session.retiring("z");
    var issued = session.record();
    storage.before(
        "get clients/z", () -> during(() -> records.put(Orders.KEY, issued.retiring(""))));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void believes_that_nobody_knows_what_a_request_wrote_since_the_session_read_the_record()
      throws Exception {
    session.issue();
    session.retiring("z");
    var issued = session.record();
    storage.before(
        "get clients/z",
        () -> {
          during(() -> mount.client(Orders.KEY).put(issued.retiring("")));
          clientQueue.doubtful(Orders.KEY);
        });

    session.runFor(Duration.ofMinutes(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void forgets_a_record_that_a_request_removed_since_the_session_read_it() throws Exception {
    session.issue();
    session.retiring("z");
    storage.before("get clients/z", () -> during(() -> records.remove(Orders.KEY)));
    locks.meanwhile(() -> {
      assertThat(clientQueue.status().loaded()).isTrue();
      assertThat(clientQueue.of(Orders.KEY)).isEmpty();
    });

    session.runFor(Duration.ofSeconds(1));
  }

  @Test
  void knows_again_what_it_forgot_in_the_session_before() throws Exception {
    session.issue();
    session.retiring("z");
    var issued = session.record();
    storage.before("get clients/z", () -> during(() -> records.remove(Orders.KEY)));
    session.runFor(Duration.ofSeconds(1));
    mount.client(Orders.KEY).put(issued.retiring(""));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  /** What another task does, which nobody interrupts. */
  private static void during(SoloLocks.Meanwhile work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void reads_many_records_over_many_batches() throws Exception {
    for (int i = 0; i < 130; i++) {
      session.retiring("k-%03d".formatted(i));
    }

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void says_that_a_record_cannot_be_read_and_goes_on() throws Exception {
    storage.put("clients/broken", new byte[] {'{'});
    session.retiring("a");

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).contains("clients/broken");
  }
}
