package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.Issuing;
import dev.genesysvault.client.Orders;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientWork;
import dev.genesysvault.queue.Step;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Retry;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A write whose request ends before storage answers. */
final class ClientRecordsTest {
  private final FakeTime time = new FakeTime();
  private final SystemLocks locks = new SystemLocks();
  private final Interrupted storage = new Interrupted();
  private final ClientQueue clientQueue =
      new ClientQueue(time, locks, new SeededRandomness(), Delays.STANDARD);
  private final ClientRecords records =
      new ClientRecords("mount-1", new MountStorage(storage), new EntryLocks(locks), clientQueue);

  private final DecommissionSteps steps =
      new DecommissionSteps(
          records,
          new StepNotes(records, Delays.STANDARD, time),
          Delays.STANDARD,
          time,
          new Retry(
              time,
              new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), new SeededRandomness()),
              1));
  private final FakeGenesys genesys = new FakeGenesys(time::now);

  /** Does what it is asked for, and is interrupted before it can say so. */
  private static final class Interrupted implements Storage {
    private final InMemoryStorage storage = new InMemoryStorage();
    private int writesBefore = Integer.MAX_VALUE;

    @Override
    public Optional<byte[]> get(String key) {
      return storage.get(key);
    }

    @Override
    public List<Optional<byte[]>> getFirst(List<String> keys) {
      return storage.getFirst(keys);
    }

    @Override
    public void put(String key, byte[] value) throws InterruptedException {
      storage.put(key, value);
      written();
    }

    @Override
    public void delete(String key) throws InterruptedException {
      storage.delete(key);
      written();
    }

    @Override
    public List<String> list(String prefix) {
      return storage.list(prefix);
    }

    private void written() throws InterruptedException {
      if (writesBefore-- <= 0) {
        throw new InterruptedException();
      }
    }
  }

  @BeforeEach
  void configure() throws InterruptedException {
    Orders.configure(storage.storage);
    clientQueue.open();
  }

  @Test
  void is_looked_at_again_where_it_announced_a_client() {
    storage.writesBefore = 0;

    assertThatThrownBy(this::issue).isInstanceOf(InterruptedException.class);

    assertThat(clientQueue.of(Orders.KEY).orElseThrow().step()).isEqualTo(Step.REREAD);
  }

  @Test
  void is_looked_at_again_where_it_handed_a_client_out_that_nobody_gets() throws Exception {
    storage.writesBefore = 1;

    assertThatThrownBy(this::issue).isInstanceOf(InterruptedException.class);

    assertThat(clientQueue.of(Orders.KEY).orElseThrow().step()).isEqualTo(Step.REREAD);
    assertThat(clientQueue.of(Orders.KEY).orElseThrow().unwanted()).isTrue();
  }

  @Test
  void is_forgotten_where_a_replay_hands_the_client_out_after_all() throws Exception {
    storage.writesBefore = 1;
    assertThatThrownBy(this::issue).isInstanceOf(InterruptedException.class);
    time.advance(Duration.ofSeconds(10));
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.Journal());
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.One(Orders.KEY, Step.REREAD));
    storage.writesBefore = Integer.MAX_VALUE;

    issue();
    steps.reread(Orders.KEY);

    assertThat(records.get(Orders.KEY).orElseThrow().state()).isEqualTo(State.ISSUED);
  }

  @Test
  void is_looked_at_again_where_it_removed_a_record() throws Exception {
    issue();
    storage.writesBefore = 0;

    assertThatThrownBy(() -> records.remove(Orders.KEY)).isInstanceOf(InterruptedException.class);

    assertThat(clientQueue.of(Orders.KEY).orElseThrow().attempts()).isEqualTo(1);
  }

  private void issue() throws InterruptedException {
    var _ =
        new Issuing(time, locks, Delays.STANDARD)
            .issue(Orders.demo(), genesys, records, Deadline.in(Duration.ofSeconds(60), time));
  }
}
