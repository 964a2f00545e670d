package dev.genesysvault.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What whoever waits for a backlog waits for. */
final class BacklogTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakeTime time = new FakeTime();
  private final SoloLocks locks = new SoloLocks(time);
  private final Backlog backlog = new Backlog(time, locks, new SeededRandomness(), Delays.STANDARD);

  @Test
  void knows_all_once_records_and_journal_are_read() throws Exception {
    assertThat(waits()).isTrue();
    backlog.open();
    assertThat(waits()).isTrue();
    backlog.loaded();
    assertThat(waits()).isTrue();
    assertThat(backlog.take(false)).isEqualTo(new Work.Journal());
    assertThat(waits()).isTrue();
    backlog.journalRead(Map.of());

    assertThat(waits()).isFalse();
  }

  @Test
  void does_not_know_all_while_the_journal_may_hold_more_than_what_was_read() throws Exception {
    know();
    backlog.journalWritten();
    assertThat(waits()).isTrue();
    assertThat(backlog.take(false)).isEqualTo(new Work.Journal());
    backlog.journalWritten();
    backlog.journalRead(Map.of());
    assertThat(waits()).isTrue();
    assertThat(backlog.take(false)).isEqualTo(new Work.Journal());
    backlog.journalRead(Map.of("a", "why"));

    assertThat(waits()).isFalse();
    assertThat(backlog.condition().unusableJournal()).isEqualTo(Map.of("a", "why"));
  }

  @Test
  void forgets_all_of_it_with_the_session() throws Exception {
    know();
    backlog.unreadable("a");
    backlog.journalRead(Map.of("a", "why"));

    backlog.close();

    assertThat(backlog.condition().unreadable()).isEmpty();
    assertThat(backlog.condition().unusableJournal()).isEmpty();
    backlog.open();
    backlog.loaded();
    assertThat(waits()).isTrue();
  }

  private void know() throws InterruptedException {
    backlog.open();
    backlog.loaded();
    assertThat(backlog.take(false)).isEqualTo(new Work.Journal());
    backlog.journalRead(Map.of());
    assertThat(waits()).isFalse();
  }

  private boolean waits() throws InterruptedException {
    var before = time.now();
    backlog.awaitKnown(Deadline.in(PATIENCE, time));
    return time.now().equals(before.plus(PATIENCE));
  }
}
