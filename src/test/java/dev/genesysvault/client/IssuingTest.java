package dev.genesysvault.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.IssueResult.Failed;
import dev.genesysvault.client.IssueResult.Issued;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IssuingTest {
  private final FakeTime time = new FakeTime();
  private final SystemLocks locks = new SystemLocks();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final FakeGenesys genesys = new FakeGenesys(time::now);
  private final Issuing issuing = new Issuing(time, locks, Delays.STANDARD);
  private final ClientRecords records =
      new ClientRecords(
          "mount-1",
          new MountStorage(storage),
          new EntryLocks(locks),
          new ClientQueue(time, locks, new SeededRandomness(), Delays.STANDARD));

  @BeforeEach
  void configure() throws InterruptedException {
    Orders.configure(storage);
    storage.forgetOperations();
  }

  @Test
  void costs_two_writes_and_one_call() throws Exception {
    var issued = issued();

    assertThat(storage.writes()).containsExactly("put " + Orders.RECORD, "put " + Orders.RECORD);
    assertThat(genesys.calls()).containsExactly("create");
    assertThat(genesys.held()).containsOnlyKeys(issued.credential().id());
  }

  @Test
  void announces_the_name_before_genesys_is_asked() throws Exception {
    storage.failWhen(StorageException.Kind.OTHER, ("put " + Orders.RECORD)::equals);

    assertThatThrownBy(this::issue).isInstanceOf(StorageException.class);

    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void names_the_client_by_mark_and_key_and_records_no_secret() throws Exception {
    var issued = issued();

    var body = genesys.held().values().iterator().next();
    assertThat(body.text("name")).isEqualTo("vault-demo-" + Orders.MARK + "-" + Orders.KEY + "-1");
    assertThat(storage.text(Orders.RECORD)).doesNotContain(issued.credential().secret().reveal());
    assertThat(record().state()).isEqualTo(State.ISSUED);
    assertThat(record().deadline()).isEqualTo(FakeTime.START.plus(Duration.ofMinutes(70)));
  }

  @Test
  void leaves_nothing_behind_when_genesys_refuses() throws Exception {
    genesys.refuse("create", 403, "not.authorized");

    var failed = failed();

    assertThat(failed.failure()).isInstanceOf(Refused.class);
    assertThat(failed.recordKept()).isFalse();
    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void leaves_nothing_behind_when_the_budget_is_empty() throws Exception {
    genesys.limit("create", Duration.ofSeconds(30));

    assertThat(failed().failure()).isInstanceOf(Limited.class);
    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void gives_a_client_whose_reply_was_lost_a_fresh_secret() throws Exception {
    genesys.loseReply("create", true);

    var issued = issued();

    assertThat(genesys.calls()).containsExactly("create", "list", "regenerateSecret");
    assertThat(genesys.held()).containsOnlyKeys(issued.credential().id());
    assertThat(issued.credential().secret().reveal()).isEqualTo("s3cr3t-2");
  }

  @Test
  void recognizes_a_client_whose_name_genesys_kept_otherwise() throws Exception {
    genesys.loseReply("create", true).loseReply("list", false);
    assertThat(failed().recordKept()).isTrue();
    genesys
        .held()
        .forEach((id, body) -> {
          var shown = "?? " + body.text("name").toUpperCase(Locale.ROOT).strip();
          genesys.hold(id.value(), body.named(new ClientName(shown)));
        });

    var issued = issued();

    assertThat(genesys.held()).containsOnlyKeys(issued.credential().id());
  }

  @Test
  void tries_another_name_where_the_list_does_not_show_the_lost_one() throws Exception {
    genesys.loseReply("create", false);

    var issued = issued();

    assertThat(genesys.calls()).containsExactly("create", "list", "create");
    assertThat(record().names()).hasSize(2).doesNotHaveDuplicates();
    assertThat(genesys.held().get(issued.credential().id()))
        .extracting(body -> body.text("name"))
        .isEqualTo(record().latestName().value());
  }

  @Test
  void keeps_the_record_of_every_lost_name_when_it_gives_up() throws Exception {
    genesys.loseReply("create", false).loseReply("create", true).loseReply("list", false);
    genesys.loseReply("list", false);

    var failed = failed();

    assertThat(failed.failure()).isInstanceOf(Unknown.class);
    assertThat(failed.recordKept()).isTrue();
    assertThat(record().state()).isEqualTo(State.CREATING);
  }

  @Test
  void keeps_the_record_when_a_later_name_is_refused() throws Exception {
    genesys.loseReply("create", false).refuse("create", 400, "auth.too.many.clients");

    var failed = failed();

    assertThat(failed.failure()).isInstanceOf(Refused.class);
    assertThat(failed.recordKept()).isTrue();
    assertThat(record().names()).hasSize(2);
  }

  @Test
  void stops_after_three_names() throws Exception {
    for (int i = 0; i < Issuing.MOST_ATTEMPTS; i++) {
      genesys.loseReply("create", false);
    }

    assertThat(failed().recordKept()).isTrue();
    assertThat(record().names()).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void begins_no_second_name_without_time() throws Exception {
    genesys.loseReply("create", false);

    var result = issue(Deadline.in(Duration.ofSeconds(1), time));

    assertThat(result).isInstanceOf(Failed.class);
    assertThat(genesys.calls()).containsExactly("create", "list");
  }

  @Test
  void takes_the_client_back_when_the_second_write_fails() throws Exception {
    storage.failWhen(
        StorageException.Kind.OTHER,
        op -> op.startsWith("put ") && genesys.calls().contains("create"));

    assertThatThrownBy(this::issue).isInstanceOf(StorageException.class);

    assertThat(genesys.held()).isEmpty();
    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");
  }

  @Test
  void deletes_no_client_whose_deactivation_a_gateway_alone_claims() throws Exception {
    genesys.claim("replace", false);
    storage.failWhen(
        StorageException.Kind.READ_ONLY,
        op -> op.startsWith("put ") && genesys.calls().contains("create"));

    assertThatThrownBy(this::issue).isInstanceOf(StorageException.class);

    assertThat(genesys.calls()).doesNotContain("delete");
    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");
  }

  @Test
  void hands_a_replay_the_same_client_with_a_fresh_secret() throws Exception {
    var first = issued();

    var second = issued();

    assertThat(second.credential().id()).isEqualTo(first.credential().id());
    assertThat(second.credential().secret().sameAs(first.credential().secret())).isFalse();
    assertThat(genesys.held()).hasSize(1);
  }

  @Test
  void begins_nothing_where_the_organisation_changed_meanwhile() throws Exception {
    new MountStorage(storage).config().delete();

    assertThat(issue()).isEqualTo(new IssueResult.Outdated());

    assertThat(storage.keys()).isEmpty();
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void gives_a_replay_another_client_where_the_first_was_taken_back() throws Exception {
    var first = issued();
    genesys.held().forEach((id, body) -> genesys.hold(id.value(), body.inactive()));

    var second = issued();

    assertThat(second.credential().id()).isNotEqualTo(first.credential().id());
    assertThat(record().names()).hasSize(2).doesNotHaveDuplicates();
    assertThat(record().state()).isEqualTo(State.ISSUED);
  }

  @Test
  void continues_an_attempt_that_died_after_its_create() throws Exception {
    genesys.loseReply("create", true).loseReply("list", false);
    assertThat(failed().recordKept()).isTrue();
    genesys.forgetCalls();

    var issued = issued();

    assertThat(genesys.calls()).containsExactly("list", "regenerateSecret");
    assertThat(genesys.held()).containsOnlyKeys(issued.credential().id());
  }

  @Test
  void never_adopts_a_client_that_is_being_decommissioned() throws Exception {
    genesys.loseReply("create", true).loseReply("list", false);
    assertThat(failed().recordKept()).isTrue();
    genesys.held().forEach((id, body) -> genesys.hold(id.value(), body.inactive()));

    var issued = issued();

    assertThat(record().names()).hasSize(2);
    assertThat(genesys.held().get(issued.credential().id()))
        .extracting(body -> body.text("state"))
        .isEqualTo("active");
  }

  private Issued issued() throws InterruptedException {
    return (Issued) issue();
  }

  private Failed failed() throws InterruptedException {
    return (Failed) issue();
  }

  private IssueResult issue() throws InterruptedException {
    return issue(Deadline.in(Duration.ofSeconds(60), time));
  }

  private IssueResult issue(Deadline deadline) throws InterruptedException {
    return issuing.issue(Orders.demo(), genesys, records, deadline);
  }

  private ClientRecord record() throws InterruptedException {
    return new MountStorage(storage).client(Orders.KEY).get().orElseThrow();
  }

  private void know() {
    records.clientQueue().open();
    records.clientQueue().loaded();
  }

  @Test
  void asks_for_no_record_that_a_session_knows_not_to_be_there() throws Exception {
    know();

    var _ = issued();

    assertThat(storage.operations())
        .containsExactly("get config", "put " + Orders.RECORD, "put " + Orders.RECORD);
  }

  @Test
  void asks_for_a_record_while_not_all_are_known() throws Exception {
    records.clientQueue().open();

    var _ = issued();

    assertThat(storage.operations()).contains("get " + Orders.RECORD);
  }

  @Test
  void asks_for_a_record_that_may_have_been_written() throws Exception {
    know();
    storage.failWhen(StorageException.Kind.OTHER, ("put " + Orders.RECORD)::equals);
    assertThatThrownBy(this::issue).isInstanceOf(StorageException.class);
    storage.failWhen(StorageException.Kind.OTHER, _ -> false);
    storage.forgetOperations();

    var _ = issued();

    assertThat(storage.operations()).contains("get " + Orders.RECORD);
  }

  @Test
  void goes_on_with_an_attempt_of_the_same_session() throws Exception {
    know();
    genesys.loseReply("create", true).loseReply("list", false);
    assertThat(failed().recordKept()).isTrue();

    var issued = issued();

    assertThat(genesys.held()).containsOnlyKeys(issued.credential().id());
  }
}
