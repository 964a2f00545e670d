package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.IssueResult;
import dev.genesysvault.client.Orders;
import dev.genesysvault.client.RevokeOutcome;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How what was interrupted, promised or forgotten comes to its end. */
final class SettlingTest {
  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeTime time = session.time;
  private final SoloLocks locks = session.locks;
  private final InMemoryStorage storage = session.storage;
  private final MountStorage mount = session.mount;
  private final FakeGenesys genesys = session.genesys;
  private final ClientQueue clientQueue = session.clientQueue;

  @BeforeEach
  void configure() throws InterruptedException {
    session.configured();
  }

  @Test
  void ends_a_client_whose_deadline_has_come_and_no_other() throws Exception {
    session.issue();

    session.runFor(Duration.ofMinutes(69));
    assertThat(genesys.held()).hasSize(1);

    session.runFor(Duration.ofMinutes(2));
    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void ends_what_turns_up_late_of_a_create_whose_answer_was_lost() throws Exception {
    genesys.loseReply("create", false).loseReply("create", false).loseReply("create", false);
    assertThat(session.tryToIssue()).isInstanceOf(IssueResult.Failed.class);
    var name = session.record().names().getFirst().value();
    time.advance(Duration.ofMinutes(3));
    session.runFor(Duration.ofSeconds(1));
    genesys.hold(
        "late", new ClientBody(Map.of("name", name, "state", "active", "description", "d")));
    genesys.hold("payroll", new ClientBody(Map.of("name", "payroll", "state", "active")));

    session.runFor(Duration.ofMinutes(10));

    assertThat(genesys.held()).containsOnlyKeys(new ClientId("payroll"));
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void looks_for_what_a_lost_attempt_made_after_its_client_is_gone() throws Exception {
    genesys.loseReply("create", false);
    session.issue();
    var lost = session.record().names().getFirst().value();
    genesys.hold(
        "late", new ClientBody(Map.of("name", lost, "state", "active", "description", "d")));
    time.advance(Duration.ofHours(1));
    mount.client(Orders.KEY).put(session.record().retiring(""));

    session.runFor(Duration.ofMinutes(3));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void keeps_the_record_of_a_lost_create_until_nothing_can_turn_up() throws Exception {
    genesys.beAway("list").loseReply("create", false);
    assertThat(session.tryToIssue()).isInstanceOf(IssueResult.Failed.class);

    session.runFor(Duration.ofSeconds(89));
    assertThat(genesys.calls()).containsExactly("create", "list");

    session.runFor(Duration.ofMinutes(5));
    assertThat(storage.keys()).contains(Orders.RECORD);

    session.runFor(Duration.ofSeconds(90));
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void lists_once_for_all_that_it_searches() throws Exception {
    for (var key : List.of("a", "b", "c")) {
      mount.client(new ClientKey(key)).put(session.creating(key));
    }

    session.runFor(Duration.ofSeconds(91));

    assertThat(genesys.calls()).containsExactly("list");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takes_over_what_the_plugin_wrote_down_whatever_it_told_vault(boolean promised)
      throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), Orders.MARK, promised);

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void has_nothing_to_do_for_a_journaled_revoke_that_was_answered_meanwhile() throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), Orders.MARK, false);
    assertThat(session.revoke()).isEqualTo(new RevokeOutcome.Gone());
    genesys.forgetCalls();
    storage.forgetOperations();

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).isEmpty();
    assertThat(storage.writes()).containsExactly("delete journal/" + Orders.KEY);
  }

  @Test
  void looks_once_more_for_a_journaled_revoke_that_another_process_answered() throws Exception {
    session.issue();
    var id = session.clientId();
    mount.client(Orders.KEY).delete();
    genesys.lose(id);
    time.advance(Duration.ofMinutes(7));
    session.journal(Orders.KEY, id, Orders.MARK, false);

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("get");
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void writes_the_record_before_it_forgets_what_the_plugin_wrote_down() throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), Orders.MARK);
    storage.forgetOperations();
    genesys.beAway("replace");

    session.runFor(Duration.ofMillis(1));

    assertThat(storage.writes())
        .containsExactly("put " + Orders.RECORD, "delete journal/" + Orders.KEY);
    assertThat(session.meters.counted(Metric.JOURNAL_TAKEN_OVER)).isEqualTo(1);
  }

  @Test
  void takes_over_a_revoke_whose_record_is_gone() throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), Orders.MARK);
    mount.client(Orders.KEY).delete();
    genesys.forgetCalls();

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("get", "replace", "delete");
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void forgets_a_journaled_revoke_of_a_client_that_went_before_its_organisation_was_left()
      throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), Orders.MARK);
    mount.client(Orders.KEY).delete();
    Orders.configure(storage, "org-2");
    genesys.forgetCalls();

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void leaves_a_journaled_revoke_of_another_mount_where_it_is() throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), new Mark("other"));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).hasSize(1);
    assertThat(storage.keys()).contains("journal/" + Orders.KEY);
  }

  @Test
  void reads_the_journal_again_when_the_plugin_has_written_to_it() throws Exception {
    session.issue();
    var id = session.clientId();
    locks.meanwhile(() -> {
      session.journal(Orders.KEY, id, Orders.MARK);
      clientQueue.journalWritten();
    });

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void never_touches_a_client_that_a_journaled_lease_names_and_that_is_not_ours() throws Exception {
    var payroll = genesys.hold("payroll", new ClientBody(Map.of("name", "payroll")));
    session.journal(new ClientKey("a"), payroll, Orders.MARK);

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.calls()).containsExactly("get");
    assertThat(genesys.held()).containsOnlyKeys(payroll);
    assertThat(mount.client(new ClientKey("a")).get().orElseThrow().lastError())
        .contains("does not carry this mount's mark");
  }

  @Test
  void ends_a_client_whose_issue_could_not_be_stored() throws Exception {
    locks.meanwhile(() -> {
      storage.failWhen(
          StorageException.Kind.OTHER,
          op -> op.equals("put " + Orders.RECORD) && !genesys.held().isEmpty());
      genesys.beAway("replace");
      assertThatThrownBy(session::tryToIssue).isInstanceOf(StorageException.class);
      storage.failWhen(StorageException.Kind.OTHER, _ -> false);
    });

    session.runFor(Duration.ofMinutes(10));

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly("config", "mount");
  }
}
