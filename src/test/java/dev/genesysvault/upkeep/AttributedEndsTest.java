package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.history.HistoryIds;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.DecommissionedClient;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.upstream.ClientNaming;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of clients that are gone says whose they were, and of nobody that they were his. */
final class AttributedEndsTest {
  private static final ClientKey KEY = new ClientKey("wanted");
  private static final Duration HOUR = Duration.ofHours(1);

  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeGenesys genesys = session.genesys;
  private Instant created = Instant.EPOCH;

  @BeforeEach
  void configure() throws InterruptedException {
    session.configured();
    created = session.time.now();
  }

  private List<DecommissionedClient> kept() throws InterruptedException {
    var folder = session.mount.decommissioned(HistoryIds.hour(created));
    var kept = new ArrayList<DecommissionedClient>();
    for (var name : folder.names()) {
      kept.add(folder.entry(name).get().orElseThrow());
    }
    return kept;
  }

  private ClientRecord announced() {
    return session.creating(KEY.value()).attributed();
  }

  private void put(ClientRecord record) throws InterruptedException {
    session.mount.client(KEY).put(record);
  }

  private void turnsUp(String id, ClientName name) {
    var _ = genesys.hold(id, new ClientBody(Map.of("name", name.value(), "state", "active")));
  }

  private ClientRecord handedOut(ClientRecord record, String id) {
    var client = genesys.hold(id, record.body().named(record.latestName()));
    return record.issued(client, created.plus(HOUR));
  }

  private static ClientName second() {
    return ClientNaming.name("vault-demo", Orders.MARK, KEY, 2);
  }

  @Test
  void a_client_whose_issue_got_no_answer_was_never_handed_out() throws Exception {
    put(announced());
    turnsUp("lost", announced().latestName());

    session.runFor(HOUR);

    assertThat(kept())
        .singleElement()
        .returns(new ClientId("lost"), DecommissionedClient::clientId)
        .returns("taken_back", DecommissionedClient::endedBy)
        .returns(false, DecommissionedClient::handedOut);
  }

  @Test
  void what_a_lost_attempt_made_takes_not_the_place_of_the_client_that_was_handed_out()
      throws Exception {
    var retried = announced().retriedAs(second(), created);
    put(handedOut(retried, "handed-out").endedBy("revoke").retiring(""));
    session.runFor(Duration.ofSeconds(10));
    turnsUp("stray", retried.names().getFirst());

    session.runFor(HOUR);

    assertThat(genesys.held()).isEmpty();
    assertThat(kept())
        .hasSize(2)
        .anySatisfy(client ->
            assertThat(client)
                .returns(new ClientId("handed-out"), DecommissionedClient::clientId)
                .returns("revoke", DecommissionedClient::endedBy)
                .returns(true, DecommissionedClient::handedOut))
        .anySatisfy(client ->
            assertThat(client)
                .returns(new ClientId("stray"), DecommissionedClient::clientId)
                .returns("stray", DecommissionedClient::endedBy)
                .returns(false, DecommissionedClient::handedOut));
  }

  @Test
  void two_that_lost_attempts_made_are_told_both_and_neither_was_handed_out() throws Exception {
    var retried = announced().retriedAs(second(), created);
    put(retried);
    turnsUp("first", retried.names().getFirst());
    session.runFor(Duration.ofMinutes(2));
    turnsUp("second", retried.names().getLast());

    session.runFor(HOUR);

    assertThat(kept())
        .extracting(DecommissionedClient::clientId)
        .containsExactlyInAnyOrder(new ClientId("first"), new ClientId("second"));
    assertThat(kept()).noneMatch(DecommissionedClient::handedOut);
  }

  @Test
  void who_repeats_an_end_after_a_kill_takes_nothing_away() throws Exception {
    put(handedOut(announced(), "handed-out").endedBy("revoke").retiring(""));
    var dies = new AtomicBoolean(true);
    session.storage.failWhen(
        Kind.OTHER, operation -> operation.startsWith("delete clients/") && dies.get());
    session.runFor(Duration.ofSeconds(1));
    var first = kept();
    dies.set(false);
    session.restart();
    session.time.advance(HOUR);

    session.runFor(HOUR);

    assertThat(first).singleElement().satisfies(it -> assertThat(it.deactivated()).isNotNull());
    assertThat(session.mount.clients().names()).isEmpty();
    assertThat(kept()).isEqualTo(first);
  }

  @Test
  void a_client_that_somebody_else_deleted_says_so() throws Exception {
    put(handedOut(announced(), "handed-out").endedBy("revoke").retiring(""));
    genesys.lose(new ClientId("handed-out"));
    session.time.advance(HOUR);

    session.runFor(HOUR);

    assertThat(kept())
        .singleElement()
        .returns(true, DecommissionedClient::foundDeleted)
        .returns(true, DecommissionedClient::handedOut)
        .satisfies(it -> assertThat(it.deactivated()).isNull());
  }

  @Test
  void a_revoke_that_the_plugin_wrote_down_is_a_revoke() throws Exception {
    put(handedOut(announced(), "handed-out"));
    session.journal(KEY, new ClientId("handed-out"), Orders.MARK);

    session.runFor(HOUR);

    assertThat(kept()).singleElement().returns("revoke", DecommissionedClient::endedBy);
  }

  @Test
  void that_an_issue_failed_is_known_until_its_record_is_written_again() throws Exception {
    put(handedOut(announced(), "handed-out"));
    var record = session.mount.client(KEY).get().orElseThrow();
    session.clientQueue.open();
    session.clientQueue.recorded(KEY, record);

    session.clientQueue.unwanted(KEY);
    assertThat(session.clientQueue.of(KEY).orElseThrow().takenBack()).isFalse();
    session.clientQueue.takenBack(KEY);
    assertThat(session.clientQueue.of(KEY).orElseThrow().takenBack()).isTrue();
    session.clientQueue.recorded(KEY, record);
    assertThat(session.clientQueue.of(KEY).orElseThrow().takenBack()).isFalse();
    session.clientQueue.close();
  }
}
