package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.IssueResult;
import dev.genesysvault.client.Issuing;
import dev.genesysvault.client.LeaseData;
import dev.genesysvault.client.LeaseRevocation;
import dev.genesysvault.client.LeaseRevocation.Promise;
import dev.genesysvault.client.Orders;
import dev.genesysvault.client.RevokeOutcome;
import dev.genesysvault.client.RevokeOutcome.Gone;
import dev.genesysvault.client.RevokeOutcome.NotVisibleYet;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A revoke of a lease whose client somebody ended before, while Genesys might still hide it. */
final class EndedTwiceTest {
  private final FakeTime time = new FakeTime();
  private final SystemLocks locks = new SystemLocks();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final MountStorage mount = new MountStorage(storage);
  private final FakeGenesys genesys = new FakeGenesys(time::now);
  private final ClientQueue clientQueue =
      new ClientQueue(time, locks, new SeededRandomness(), Delays.STANDARD);
  private final ClientRecords records =
      new ClientRecords("mount-1", mount, new EntryLocks(locks), clientQueue);
  private ClientId client = new ClientId("unset");

  @BeforeEach
  void issue() throws InterruptedException {
    Orders.configure(storage);
    var issuance =
        new Issuing(time, locks, Delays.STANDARD)
            .issue(Orders.demo(), genesys, records, deadline());
    client = ((IssueResult.Issued) issuance).credential().id();
  }

  @ParameterizedTest
  @EnumSource(Promise.class)
  void finds_it_gone_at_once(Promise promise) throws Exception {
    assertThat(end(Promise.STRICT)).isEqualTo(new Gone());
    genesys.forgetCalls();
    storage.forgetOperations();

    assertThat(end(promise)).isEqualTo(new Gone());

    assertThat(genesys.calls()).containsExactly("get");
    assertThat(storage.writes()).isEmpty();
  }

  @Test
  void ends_it_where_genesys_shows_it_all_the_same() throws Exception {
    var record = records.get(Orders.KEY).orElseThrow();
    assertThat(end(Promise.STRICT)).isEqualTo(new Gone());
    genesys.hold(client.value(), record.body());
    genesys.forgetCalls();

    assertThat(end(Promise.STRICT)).isEqualTo(new Gone());

    assertThat(genesys.calls()).containsExactly("get", "replace", "delete");
    assertThat(genesys.held()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"STRICT", "FINAL"})
  void waits_where_somebody_else_removed_the_record(Promise promise) throws Exception {
    mount.client(Orders.KEY).delete();
    genesys.lose(client);

    assertThat(end(promise)).isInstanceOf(NotVisibleYet.class);
  }

  @Test
  void waits_where_there_was_a_record_since() throws Exception {
    var record = records.get(Orders.KEY).orElseThrow();
    assertThat(end(Promise.STRICT)).isEqualTo(new Gone());
    records.put(Orders.KEY, record);
    mount.client(Orders.KEY).delete();

    assertThat(end(Promise.STRICT)).isInstanceOf(NotVisibleYet.class);
  }

  @Test
  void waits_where_a_record_could_not_be_removed() throws Exception {
    storage.failWhen(Kind.OTHER, ("delete " + Orders.RECORD)::equals);
    assertThatThrownBy(() -> end(Promise.STRICT)).isInstanceOf(StorageException.class);
    storage.failWhen(Kind.OTHER, _ -> false);
    mount.client(Orders.KEY).delete();

    assertThat(end(Promise.STRICT)).isInstanceOf(NotVisibleYet.class);
  }

  @Test
  void is_remembered_by_its_mount_alone() throws Exception {
    var other =
        new ClientRecords(
            "mount-2",
            mount,
            new EntryLocks(locks),
            new ClientQueue(time, locks, new SeededRandomness(), Delays.STANDARD));
    assertThat(end(Promise.STRICT)).isEqualTo(new Gone());

    assertThat(end(Promise.STRICT, other)).isInstanceOf(NotVisibleYet.class);
  }

  private RevokeOutcome end(Promise promise) throws InterruptedException {
    return end(promise, records);
  }

  private RevokeOutcome end(Promise promise, ClientRecords records) throws InterruptedException {
    var once =
        new Retry(
            time,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), new SeededRandomness()),
            1);
    var lease =
        new LeaseData(
            Orders.KEY,
            client,
            "org-1",
            List.of(ClientNaming.name("vault-demo", Orders.MARK, Orders.KEY, 1)),
            Orders.MARK,
            Duration.ofHours(1),
            false);
    var actor =
        new Actor(
            Orders.MARK,
            new ClientId("own"),
            new Organization("org-1", ""),
            Orders.ENDPOINT,
            genesys,
            Orders.NONE);
    return new LeaseRevocation(time, Delays.STANDARD, once)
        .end(lease, FakeTime.START, promise, actor, records, deadline());
  }

  private Deadline deadline() {
    return Deadline.in(Duration.ofSeconds(60), time);
  }
}
