package dev.genesysvault.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.storage.DecommissionedClient;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationAccount;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept for too long goes, a little at a time. */
final class HistoryUpkeepTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final FakeTime time = new FakeTime();
  private final SoloLocks locks = new SoloLocks(time);
  private final InMemoryStorage storage = new InMemoryStorage();
  private final MountStorage mount = new MountStorage(storage);
  private final History history = new History("mount-1", mount, new EntryLocks(locks));
  private final HistoryUpkeep upkeep =
      new HistoryUpkeep(time, locks, new SeededRandomness(), StepTrail.inMemory(time, locks));

  private void put(String role, Instant asked) throws InterruptedException {
    var account = new RotationAccount("id", asked, List.of(), List.of());
    mount
        .history(role)
        .entry(HistoryIds.of(asked, "key"))
        .put(RecordedRotation.of("missed", account, new ClientId("c")));
  }

  private void ended(Instant asked, @Nullable Instant deleted) throws InterruptedException {
    var account = new RotationAccount("id", asked, List.of(), List.of());
    mount
        .history("crm")
        .entry(HistoryIds.of(asked, "key"))
        .put(
            RecordedRotation.of("manual", account, new ClientId("c"))
                .ended(null, null, deleted, false, false, List.of()));
  }

  private void client(Instant made, Instant deleted) throws InterruptedException {
    mount
        .decommissioned(HistoryIds.hour(made))
        .entry(HistoryIds.of(made, "key"))
        .put(
            new DecommissionedClient(
                new ClientId("c"), "demo", "", "", made, "revoke", null, deleted, false, Map.of()));
  }

  private void keep(int days) {
    storage.put(
        "config",
        """
        {"version": 1, "name_prefix": "vault", "client_id": "own", "client_secret": "own secret",
         "history_days": %d}
        """
            .formatted(days)
            .getBytes(StandardCharsets.UTF_8));
  }

  private void runFor(Duration length) {
    locks.interruptAt(time.now().plus(length));
    assertThatThrownBy(() -> upkeep.run("mount-1", mount, history))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void a_deleted_roles_history_goes_when_its_days_are_over() throws Exception {
    put("gone", time.now().minus(Duration.ofDays(399)));
    put("gone", time.now().minus(Duration.ofDays(401)));

    runFor(Duration.ofHours(2));
    assertThat(mount.history("gone").names()).hasSize(1);

    runFor(DAY.multipliedBy(3));
    assertThat(storage.keys()).isEmpty();
  }

  @Test
  void what_ended_lately_is_kept_however_long_ago_it_began() throws Exception {
    ended(time.now().minus(DAY.multipliedBy(800)), time.now().minus(DAY.multipliedBy(401)));
    ended(time.now().minus(DAY.multipliedBy(700)), time.now().minus(DAY.multipliedBy(390)));
    ended(time.now().minus(DAY.multipliedBy(600)), null);

    runFor(DAY);
    assertThat(mount.history("crm").names()).hasSize(2);

    runFor(DAY.multipliedBy(15));
    assertThat(mount.history("crm").names()).hasSize(1);

    runFor(DAY.multipliedBy(Keeping.MOST_DAYS));
    assertThat(storage.keys()).isEmpty();
  }

  @Test
  void a_client_that_lived_long_is_kept_from_its_end_on() throws Exception {
    client(time.now().minus(DAY.multipliedBy(500)), time.now().minus(DAY.multipliedBy(10)));
    client(time.now().minus(DAY.multipliedBy(450)), time.now().minus(DAY.multipliedBy(449)));

    runFor(DAY);
    assertThat(mount.hoursOfDecommissioned()).hasSize(1);

    runFor(DAY.multipliedBy(392));
    assertThat(storage.keys()).isEmpty();
  }

  @Test
  void fewer_days_hold_from_the_next_sweep_on() throws Exception {
    keep(400);
    ended(time.now().minus(DAY.multipliedBy(50)), time.now().minus(DAY.multipliedBy(40)));
    client(time.now().minus(DAY.multipliedBy(50)), time.now().minus(DAY.multipliedBy(40)));
    var lowered = time.now().plus(DAY.multipliedBy(2));
    // Somebody writes config while the session is open.
    var written = new AtomicBoolean();
    storage.failWhen(
        Kind.OTHER,
        _ -> {
          if (!time.now().isBefore(lowered) && !written.getAndSet(true)) {
            keep(30);
          }
          return false;
        });

    runFor(DAY.multipliedBy(4));

    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void no_days_at_all_remove_what_is_there_and_what_lives_on_too() throws Exception {
    keep(0);
    ended(time.now().minus(DAY.multipliedBy(5)), null);
    client(time.now().minus(DAY), time.now());

    runFor(DAY);

    assertThat(storage.keys()).containsExactly("config");
  }

  @Test
  void what_lives_on_hides_nothing_that_comes_after_it() throws Exception {
    var begin = time.now().minus(DAY.multipliedBy(600));
    for (int i = 0; i < 2 * Tidying.MOST_LOOKED_AT; i++) {
      ended(begin.plusSeconds(i), null);
    }
    put("crm", begin.plusSeconds(100));

    runFor(DAY);

    assertThat(mount.history("crm").names()).hasSize(2 * Tidying.MOST_LOOKED_AT);
  }

  @Test
  void nothing_is_asked_in_the_first_hour() throws Exception {
    put("gone", Instant.EPOCH);
    storage.forgetOperations();

    runFor(HistoryUpkeep.FIRST.minusSeconds(1));

    assertThat(storage.operations()).isEmpty();
  }

  @Test
  void a_role_of_which_nothing_is_due_is_looked_at_once_a_session() throws Exception {
    put("steady", time.now());
    storage.forgetOperations();

    runFor(DAY.multipliedBy(30));

    assertThat(storage.operations()).filteredOn("list history/steady/"::equals).hasSize(1);
    assertThat(storage.operations()).filteredOn("list history/"::equals).hasSize(30);
  }

  @Test
  void much_goes_a_little_at_a_time() throws Exception {
    for (int i = 0; i < 100; i++) {
      put("gone", Instant.EPOCH.plusSeconds(i));
    }

    runFor(HistoryUpkeep.FIRST.plusSeconds(1));
    int left = mount.history("gone").names().size();
    assertThat(left).isBetween(1, 100 - Tidying.MOST_LOOKED_AT);

    runFor(DAY);
    assertThat(storage.keys()).isEmpty();
  }

  @Test
  void what_has_another_name_stays() throws Exception {
    storage.put("history/gone/later-version", new byte[] {'{'});

    runFor(DAY.multipliedBy(2));

    assertThat(storage.keys()).hasSize(1);
  }

  @Test
  void storage_that_does_not_answer_is_asked_again() throws Exception {
    put("gone", Instant.EPOCH);
    storage.failWhen(Kind.OTHER, operation -> time.now().isBefore(FakeTime.START.plus(DAY)));

    runFor(DAY.multipliedBy(3));

    storage.failWhen(Kind.OTHER, _ -> false);
    assertThat(storage.keys()).isEmpty();
  }
}
