package dev.genesysvault.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.RotationAccount;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        .put(RecordedRotation.of("scheduled", account, new ClientId("c")));
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
    assertThat(left).isBetween(1, 100 - History.MOST_REMOVED);

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
