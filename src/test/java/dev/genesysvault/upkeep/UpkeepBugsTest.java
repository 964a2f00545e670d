package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeGenesys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bug, or an entry that nobody can read, is one client's trouble. */
final class UpkeepBugsTest {
  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeGenesys genesys = session.genesys;

  @BeforeEach
  void configure() throws InterruptedException {
    session.configured();
  }

  @Test
  void the_others_are_ended_and_it_is_tried_again() throws Exception {
    session.retiring("a");
    session.retiring("b");
    session.locks.meanwhile(() -> {
      assertThat(genesys.held()).hasSize(1);
      var client = session.clientQueue.of(new ClientKey("a")).orElseThrow();
      assertThat(client.lastError()).contains("internal error");
      assertThat(client.attempts()).isEqualTo(1);
    });
    // The session reads all records at once, and this one again in its step.
    session.storage.before(
        "get clients/b", () -> session.storage.before("get clients/a", UpkeepBugsTest::bug));

    try (var logs = new CapturedLogs()) {
      session.runFor(Duration.ofMinutes(1));

      assertThat(logs.lines(Level.ERROR)).singleElement().asString().contains("met a bug");
    }
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void an_error_is_one_clients_trouble_too() throws Exception {
    session.retiring("a");
    session.retiring("b");
    session.storage.before(
        "get clients/b",
        () ->
            session.storage.before(
                "get clients/a",
                () -> {
                  throw new NoClassDefFoundError("told to");
                }));

    try (var logs = new CapturedLogs()) {
      session.runFor(Duration.ofMinutes(1));

      assertThat(logs.lines(Level.ERROR)).singleElement().asString().contains("NoClassDefFound");
    }
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void a_bug_of_every_client_is_one_line_a_minute_with_a_count() throws Exception {
    for (int i = 0; i < 20; i++) {
      session.retiring("client-" + i);
    }
    var reads = new AtomicInteger();
    session.storage.failWhen(
        StorageException.Kind.OTHER,
        operation -> {
          // The session reads each of them once when it opens, and again in its step.
          if (operation.startsWith("get clients/") && reads.incrementAndGet() > 20) {
            throw new AssertionError("told to");
          }
          return false;
        });

    try (var logs = new CapturedLogs()) {
      session.runFor(Duration.ofSeconds(150));

      var lines = logs.lines(Level.ERROR);
      assertThat(lines).hasSizeBetween(2, 4);
      assertThat(lines.getFirst()).contains("count=\"1\"");
      assertThat(lines.get(1)).containsPattern("count=\"[2-9][0-9]\"");
    }
  }

  @Test
  void an_error_in_the_journal_is_one_entrys_trouble() throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), Orders.MARK);
    session.storage.put("journal/1-empty", "{}".getBytes(StandardCharsets.UTF_8));
    session.storage.before(
        "get journal/1-empty",
        () -> {
          throw new StackOverflowError();
        });

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void a_search_is_tried_again_as_well() throws Exception {
    session.mount.client(new ClientKey("a")).put(session.creating("a"));
    session.time.advance(Duration.ofMinutes(10));
    session.storage.before(
        "list journal/", () -> session.storage.before("get clients/a", UpkeepBugsTest::bug));

    session.runFor(Duration.ofMinutes(1));

    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void one_entry_of_the_journal_does_not_hide_the_others() throws Exception {
    session.issue();
    session.journal(Orders.KEY, session.clientId(), Orders.MARK);
    session.storage.put("journal/0-broken", new byte[] {'{'});
    session.storage.put("journal/1-empty", "{}".getBytes(StandardCharsets.UTF_8));
    session.storage.before("get journal/1-empty", UpkeepBugsTest::bug);
    session.locks.meanwhile(() ->
        assertThat(session.clientQueue.status().unusableJournal())
            .containsOnlyKeys("0-broken", "1-empty")
            .containsEntry("1-empty", "told to"));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
    assertThat(session.storage.keys()).contains("journal/0-broken", "journal/1-empty");
  }

  @Test
  void a_record_that_cannot_be_read_any_more_is_noted_and_the_others_are_ended() throws Exception {
    session.retiring("a");
    session.retiring("b");
    session.locks.meanwhile(() -> {
      assertThat(session.clientQueue.status().unreadable()).isEqualTo(List.of("a"));
      assertThat(session.clientQueue.all()).isEmpty();
    });
    session.storage.before(
        "get clients/b", () -> session.storage.put("clients/a", new byte[] {'{'}));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).hasSize(1);
    assertThat(session.storage.keys()).contains("clients/a").doesNotContain("clients/b");
  }

  private static void bug() {
    throw new IllegalStateException("told to");
  }
}
