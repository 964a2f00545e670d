package dev.genesysvault.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.client.LeaseRevocation.Promise;
import dev.genesysvault.client.RevokeOutcome.Deferred;
import dev.genesysvault.client.RevokeOutcome.Gone;
import dev.genesysvault.client.RevokeOutcome.Guarded;
import dev.genesysvault.client.RevokeOutcome.NotVisibleYet;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.Delays;
import dev.genesysvault.upstream.LiveClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LeaseRevocationTest {
  private final FakeTime time = new FakeTime();
  private final SystemLocks locks = new SystemLocks();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final FakeGenesys genesys = new FakeGenesys(time::now);
  private final LeaseRevocation decommissioning =
      new LeaseRevocation(
          time,
          Delays.STANDARD,
          new Retry(
              time,
              new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new SeededRandomness()),
              3));
  private final ClientRecords records =
      new ClientRecords(
          "mount-1",
          new MountStorage(storage),
          new EntryLocks(locks),
          new ClientQueue(time, locks, new SeededRandomness(), Delays.STANDARD));
  private ClientId client = new ClientId("unset");
  private LiveClients live = Orders.NONE;

  @BeforeEach
  void issue() throws InterruptedException {
    Orders.configure(storage);
    var issuance =
        new Issuing(time, locks, Delays.STANDARD)
            .issue(Orders.demo(), genesys, records, deadline());
    client = ((IssueResult.Issued) issuance).credential().id();
    genesys.forgetCalls();
    storage.forgetOperations();
  }

  @Test
  void deactivates_then_deletes_then_forgets_with_two_calls() throws Exception {
    assertThat(end(Promise.DEFERRED)).isEqualTo(new Gone());

    assertThat(genesys.calls()).containsExactly("replace", "delete");
    assertThat(storage.writes()).containsExactly("delete " + Orders.RECORD);
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void keeps_the_record_when_genesys_does_not_deactivate() throws Exception {
    genesys.refuse("replace", 403, "not.authorized");

    assertThat(end()).isInstanceOf(RevokeOutcome.Failed.class);

    assertThat(genesys.calls()).containsExactly("replace");
    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");
  }

  @Test
  void keeps_the_record_when_genesys_does_not_delete() throws Exception {
    genesys.refuse("delete", 400, "cannot.delete.client");

    assertThat(end()).isInstanceOf(RevokeOutcome.Failed.class);

    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");
  }

  @Test
  void takes_a_404_for_gone_once_it_has_deactivated_the_client() throws Exception {
    genesys.refuse("delete", 409, "conflict");
    assertThat(end()).isInstanceOf(RevokeOutcome.Failed.class);
    assertThat(new MountStorage(storage).client(Orders.KEY).get().orElseThrow().state())
        .isEqualTo(ClientRecord.State.RETIRING);
    genesys.refuse("replace", 404, "not.found");

    assertThat(end()).isEqualTo(new Gone());
    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void writes_no_record_for_an_organisation_that_the_mount_has_left_meanwhile() throws Exception {
    for (var promise : Promise.values()) {
      records.remove(Orders.KEY);
      genesys.doAt("replace", () -> moveAway()).refuse("replace", 403, "not.authorized");

      assertThat(end(promise)).as(promise.name()).isEqualTo(new Gone());
      assertThat(storage.keys()).as(promise.name()).containsExactly("config");
      Orders.configure(storage);
    }
  }

  private void moveAway() {
    try {
      Orders.configure(storage, "org-2");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void asks_an_unavailable_genesys_again_within_the_request() throws Exception {
    genesys.beAway("replace").beAway("delete");

    assertThat(end()).isEqualTo(new Gone());

    assertThat(genesys.calls()).containsExactly("replace", "replace", "delete", "delete");
  }

  @Test
  void gives_up_after_three_times() throws Exception {
    genesys.beAway("replace").beAway("replace").beAway("replace");

    assertThat(end()).isInstanceOf(RevokeOutcome.Failed.class);
    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");
  }

  @Test
  void takes_a_404_soon_after_the_create_for_a_lag() throws Exception {
    genesys.refuse("replace", 404, "not.found");

    assertThat(end()).isEqualTo(new NotVisibleYet(true));

    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");
  }

  @Test
  void takes_a_404_past_the_visibility_delay_for_gone() throws Exception {
    genesys.refuse("replace", 404, "not.found");
    time.advance(Delays.STANDARD.longestRequest().plus(Delays.STANDARD.visibility()));

    assertThat(end()).isEqualTo(new Gone());

    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void takes_a_404_on_the_delete_soon_after_the_create_for_a_lag() throws Exception {
    genesys.refuse("delete", 404, "not.found");

    assertThat(end()).isEqualTo(new NotVisibleYet(true));

    assertThat(record().deactivated()).isNotNull();
  }

  @Test
  void takes_a_404_on_the_delete_past_the_visibility_delay_for_gone() throws Exception {
    genesys.refuse("delete", 404, "not.found");
    time.advance(Delays.STANDARD.longestRequest().plus(Delays.STANDARD.visibility()));

    assertThat(end()).isEqualTo(new Gone());

    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void leaves_a_404_on_the_delete_soon_after_the_create_to_the_background() throws Exception {
    genesys.refuse("delete", 404, "not.found");

    assertThat(end(Promise.DEFERRED)).isEqualTo(new Deferred());

    assertThat(record().deactivated()).isNotNull();
  }

  @Test
  void leaves_what_a_lost_attempt_may_have_made_to_the_background() throws Exception {
    loseAnAttempt();

    assertThat(end()).isEqualTo(new Gone());

    assertThat(record().state()).isEqualTo(ClientRecord.State.RETIRING);
    assertThat(record().clientId()).isNull();
  }

  @Test
  void looks_for_what_a_lost_attempt_made_however_long_ago_that_was() throws Exception {
    loseAnAttempt();
    time.advance(Duration.ofHours(1));

    assertThat(end(Promise.DEFERRED)).isEqualTo(new Gone());

    assertThat(record().state()).isEqualTo(ClientRecord.State.RETIRING);
    assertThat(record().clientId()).isNull();
  }

  @Test
  void ends_what_a_lost_attempt_made_itself_where_the_mount_is_being_disabled() throws Exception {
    var lost = loseAnAttempt();
    genesys.hold("stray", new ClientBody(Map.of("name", lost.value(), "state", "active")));
    genesys.hold("other", new ClientBody(Map.of("name", "payroll", "state", "active")));

    assertThat(end(Promise.FINAL)).isEqualTo(new NotVisibleYet(true));
    assertThat(genesys.held()).containsOnlyKeys(new ClientId("other"));
    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");

    time.advance(Duration.ofMinutes(7));
    assertThat(end(Promise.FINAL)).isEqualTo(new Gone());
    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void leaves_no_stray_alive_where_nothing_can_be_deleted_and_the_mount_is_being_disabled()
      throws Exception {
    var lost = loseAnAttempt();
    genesys.hold("stray", new ClientBody(Map.of("name", lost.value(), "state", "active")));
    time.advance(Duration.ofMinutes(7));
    for (int i = 0; i < 2; i++) {
      genesys.refuse("delete", 409, "conflict");
    }

    assertThat(end(Promise.FINAL)).isEqualTo(new Gone());

    assertThat(genesys.held().values())
        .hasSize(2)
        .allMatch(body -> body.text("state").equals("inactive"));
  }

  @Test
  void keeps_the_record_while_a_client_of_a_lost_attempt_may_exist() throws Exception {
    loseAnAttempt();
    genesys.beAway("list");
    time.advance(Duration.ofMinutes(7));

    assertThat(end(Promise.FINAL)).isInstanceOf(RevokeOutcome.Failed.class);
    assertThat(storage.keys()).containsExactly(Orders.RECORD, "config");
  }

  @Test
  void asks_genesys_what_the_client_is_where_no_record_tells() throws Exception {
    new MountStorage(storage).client(Orders.KEY).delete();

    assertThat(end()).isEqualTo(new Gone());

    assertThat(genesys.calls()).containsExactly("get", "replace", "delete");
  }

  @Test
  void leaves_an_unrecorded_client_alone_whose_name_is_not_ours() throws Exception {
    new MountStorage(storage).client(Orders.KEY).delete();
    genesys.hold(client.value(), new ClientBody(Map.of("name", "payroll", "state", "active")));

    assertThat(end()).isInstanceOf(Guarded.class);

    assertThat(genesys.calls()).containsExactly("get");
    assertThat(genesys.held()).containsKey(client);
  }

  @Test
  void leaves_the_mounts_own_client_alone() throws Exception {
    var result = end(lease(client, "org-1", Orders.MARK), actor(client, "org-1"));

    assertThat(result).isInstanceOf(Guarded.class);
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void leaves_a_client_of_another_organisation_alone() throws Exception {
    var result = end(lease(client, "org-1", Orders.MARK), actor(new ClientId("own"), "org-2"));

    assertThat(result).isInstanceOf(Guarded.class);
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void has_nothing_to_do_for_a_client_that_went_before_its_organisation_was_left()
      throws Exception {
    new MountStorage(storage).client(Orders.KEY).delete();

    for (var promise : Promise.values()) {
      var result =
          end(promise, lease(client, "org-1", Orders.MARK), actor(new ClientId("own"), "org-2"));

      assertThat(result).isEqualTo(new Gone());
    }

    assertThat(genesys.calls()).isEmpty();
    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void leaves_a_client_with_another_mark_alone() throws Exception {
    var result =
        end(lease(client, "org-1", new Mark("other")), actor(new ClientId("own"), "org-1"));

    assertThat(result).isInstanceOf(Guarded.class);
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void leaves_a_client_alone_that_the_record_does_not_name() throws Exception {
    var other = new ClientId("somebody-elses");

    var result = end(lease(other, "org-1", Orders.MARK), actor(new ClientId("own"), "org-1"));

    assertThat(result).isInstanceOf(Guarded.class);
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void leaves_a_client_alone_that_a_static_role_hands_out() throws Exception {
    live = Orders.handedOut(client);

    for (var promise : Promise.values()) {
      assertThat(end(promise)).isInstanceOf(Guarded.class);
    }
    new MountStorage(storage).client(Orders.KEY).delete();
    assertThat(end()).isInstanceOf(Guarded.class);

    assertThat(genesys.calls()).isEmpty();
    assertThat(genesys.held()).containsKey(client);
  }

  @Test
  void leaves_a_client_alone_whose_record_names_another() throws Exception {
    var foreign = record().retriedAs(new ClientName("payroll"), time.now());
    records.put(Orders.KEY, foreign);

    for (var promise : Promise.values()) {
      assertThat(end(promise)).isInstanceOf(Guarded.class);
    }

    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void ends_a_client_by_its_lease_where_the_record_cannot_be_read() throws Exception {
    for (var promise : Promise.values()) {
      unreadable();

      assertThat(end(promise)).isEqualTo(new Gone());

      assertThat(genesys.calls()).containsExactly("get", "replace", "delete");
      assertThat(genesys.held()).isEmpty();
      assertThat(storage.text(Orders.RECORD)).isEqualTo("{");
      storage.delete(Orders.RECORD);
      issue();
    }
  }

  @Test
  void promises_nothing_where_the_record_cannot_be_read() throws Exception {
    unreadable();
    genesys.beAway("get").beAway("get").beAway("get");
    assertThat(end(Promise.DEFERRED)).isInstanceOf(RevokeOutcome.Failed.class);
    genesys.refuse("delete", 409, "conflict");
    assertThat(end(Promise.DEFERRED)).isInstanceOf(RevokeOutcome.Failed.class);

    assertThat(storage.text(Orders.RECORD)).isEqualTo("{");
  }

  @Test
  void leaves_a_client_alone_whose_record_cannot_be_read_and_whose_name_is_not_ours()
      throws Exception {
    unreadable();
    genesys.hold(client.value(), new ClientBody(Map.of("name", "payroll", "state", "active")));

    assertThat(end(Promise.DEFERRED)).isInstanceOf(Guarded.class);

    assertThat(genesys.calls()).containsExactly("get");
  }

  private void unreadable() {
    storage.put(Orders.RECORD, new byte[] {'{'});
    storage.forgetOperations();
  }

  private ClientName loseAnAttempt() throws InterruptedException {
    var lost = ClientNaming.name("vault-demo", Orders.MARK, Orders.KEY, 2);
    records.put(Orders.KEY, record().retriedAs(lost, time.now()));
    return lost;
  }

  private ClientRecord record() throws InterruptedException {
    return records.get(Orders.KEY).orElseThrow();
  }

  private RevokeOutcome end() throws InterruptedException {
    return end(Promise.STRICT);
  }

  private RevokeOutcome end(Promise promise) throws InterruptedException {
    return end(promise, lease(client, "org-1", Orders.MARK), actor(new ClientId("own"), "org-1"));
  }

  private RevokeOutcome end(LeaseData lease, Actor actor) throws InterruptedException {
    return end(Promise.STRICT, lease, actor);
  }

  private RevokeOutcome end(Promise promise, LeaseData lease, Actor actor)
      throws InterruptedException {
    return decommissioning.end(lease, FakeTime.START, promise, actor, records, deadline());
  }

  private static LeaseData lease(ClientId id, String organization, Mark mark) {
    return new LeaseData(
        Orders.KEY,
        id,
        organization,
        List.of(ClientNaming.name("vault-demo", mark, Orders.KEY, 1)),
        mark,
        Duration.ofHours(1),
        true);
  }

  private Actor actor(ClientId own, String organization) {
    return new Actor(
        Orders.MARK, own, new Organization(organization, ""), Orders.ENDPOINT, genesys, live);
  }

  private Deadline deadline() {
    return Deadline.in(Duration.ofSeconds(60), time);
  }
}
