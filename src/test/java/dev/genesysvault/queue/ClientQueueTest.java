package dev.genesysvault.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What whoever waits for a client queue waits for. */
final class ClientQueueTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakeTime time = new FakeTime();
  private final SoloLocks locks = new SoloLocks(time);
  private final ClientQueue clientQueue =
      new ClientQueue(time, locks, new SeededRandomness(), Delays.STANDARD);

  @Test
  void knows_all_once_records_and_journal_are_read() throws Exception {
    assertThat(waits()).isTrue();
    clientQueue.open();
    assertThat(waits()).isTrue();
    clientQueue.loaded();
    assertThat(waits()).isTrue();
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.Journal());
    assertThat(waits()).isTrue();
    clientQueue.journalRead(Map.of());

    assertThat(waits()).isFalse();
  }

  @Test
  void does_not_know_all_while_the_journal_may_hold_more_than_what_was_read() throws Exception {
    know();
    clientQueue.journalWritten();
    assertThat(waits()).isTrue();
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.Journal());
    clientQueue.journalWritten();
    clientQueue.journalRead(Map.of());
    assertThat(waits()).isTrue();
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.Journal());
    clientQueue.journalRead(Map.of("a", "why"));

    assertThat(waits()).isFalse();
    assertThat(clientQueue.status().unusableJournal()).isEqualTo(Map.of("a", "why"));
  }

  @Test
  void forgets_all_of_it_with_the_session() throws Exception {
    know();
    clientQueue.unreadable("a");
    clientQueue.journalRead(Map.of("a", "why"));

    clientQueue.close();

    assertThat(clientQueue.status().unreadable()).isEmpty();
    assertThat(clientQueue.status().unusableJournal()).isEmpty();
    clientQueue.open();
    clientQueue.loaded();
    assertThat(waits()).isTrue();
  }

  @Test
  void gives_out_what_is_due_by_a_clock_that_moves_between_two_looks() throws Exception {
    know();
    var key = new ClientKey("a");
    clientQueue.unwanted(key);
    time.advance(Duration.ofMinutes(1));
    time.letLooksTake(Duration.ofNanos(1));
    locks.interruptAt(time.now().plus(Duration.ofNanos(1_000)));

    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.One(key, Step.REREAD));
    for (var step : new Step[] {Step.DEACTIVATE, Step.DRAIN, Step.DELETE}) {
      clientQueue.next(key, step);
      assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.One(key, step));
    }
  }

  @Test
  void says_nothing_of_a_journal_that_it_has_not_read() throws Exception {
    clientQueue.open();
    clientQueue.loaded();
    assertThat(clientQueue.report().status().journalKnown()).isFalse();
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.Journal());
    clientQueue.journalRead(Map.of("a", "why"));
    clientQueue.journalWritten();
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.Journal());

    assertThat(clientQueue.report().status().journalKnown()).isTrue();
    clientQueue.close();
    assertThat(clientQueue.report().status().journalKnown()).isFalse();
  }

  @Test
  void counts_whoever_may_log_in_and_is_to_go_in_whatever_state() throws Exception {
    know();
    var id = new ClientId("c-1");
    var handedOut = creating().issued(id, FakeTime.START.plus(Duration.ofHours(1)));
    var deactivated = handedOut.retiring("").deactivatedAt(FakeTime.START);
    clientQueue.recorded(new ClientKey("handed-out"), handedOut);
    clientQueue.recorded(new ClientKey("waits"), handedOut.retiring(""));
    clientQueue.recorded(new ClientKey("stuck"), handedOut.stuck("a person is needed"));
    clientQueue.recorded(new ClientKey("searched"), creating().retiring(""));
    clientQueue.recorded(new ClientKey("deactivated"), deactivated);
    clientQueue.recorded(new ClientKey("stuck-later"), deactivated.stuck("not deleted"));
    clientQueue.recorded(new ClientKey("unwanted"), handedOut);
    clientQueue.unwanted(new ClientKey("unwanted"));

    assertThat(clientQueue.report().counts().mayLogIn()).isEqualTo(4);
  }

  @Test
  void since_when_a_client_is_to_go_outlives_the_session() throws Exception {
    know();
    var key = new ClientKey("waits");
    var id = new ClientId("c-1");
    var leaving = clientQueue.dated(creating().issued(id, FakeTime.START).retiring(""));
    time.advance(Duration.ofHours(3));
    var again = clientQueue.dated(leaving.stuck("a person is needed"));
    clientQueue.close();
    clientQueue.open();
    clientQueue.found(key, again);

    assertThat(clientQueue.troubles(Duration.ofHours(2), 10).troubles())
        .singleElement()
        .satisfies(it -> {
          assertThat(it.since()).isEqualTo(FakeTime.START);
          assertThat(it.late()).isTrue();
          assertThat(it.stuck()).isTrue();
        });
    assertThat(clientQueue.dated(again.issued(id, FakeTime.START)).leaving()).isNull();
  }

  @Test
  void a_record_that_can_be_read_again_is_not_unreadable_any_more() throws Exception {
    know();
    clientQueue.unreadable("mended");
    clientQueue.unreadable("removed");
    clientQueue.unreadable("broken");

    clientQueue.recorded(new ClientKey("mended"), creating());
    clientQueue.removed(new ClientKey("removed"));

    assertThat(clientQueue.status().unreadable()).containsExactly("broken");
  }

  private static ClientRecord creating() {
    var now = FakeTime.START;
    return new ClientRecord(
        ClientRecord.State.CREATING,
        ClientRecord.Kind.DYNAMIC,
        List.of(new ClientName("a")),
        null,
        "org-1",
        "demo",
        new ClientBody(Map.of()),
        now,
        now,
        null,
        null,
        "",
        "",
        "",
        Map.of());
  }

  private void know() throws InterruptedException {
    clientQueue.open();
    clientQueue.loaded();
    assertThat(clientQueue.take(false)).isEqualTo(new ClientWork.Journal());
    clientQueue.journalRead(Map.of());
    assertThat(waits()).isFalse();
  }

  private boolean waits() throws InterruptedException {
    var before = time.now();
    clientQueue.awaitKnown(Deadline.in(PATIENCE, time));
    return time.now().equals(before.plus(PATIENCE));
  }

  @Test
  void is_certain_that_there_is_no_record_only_where_all_are_known() {
    var key = new ClientKey("a");
    assertThat(clientQueue.hasNoRecord(key)).isFalse();
    clientQueue.open();
    assertThat(clientQueue.hasNoRecord(key)).isFalse();
    clientQueue.loaded();
    assertThat(clientQueue.hasNoRecord(key)).isTrue();
    clientQueue.doubtful(key);
    clientQueue.unreadable("b");

    assertThat(clientQueue.hasNoRecord(key)).isFalse();
    assertThat(clientQueue.hasNoRecord(new ClientKey("b"))).isFalse();
    clientQueue.removed(key);
    assertThat(clientQueue.hasNoRecord(key)).isTrue();
    clientQueue.close();
    assertThat(clientQueue.hasNoRecord(key)).isFalse();
  }
}
