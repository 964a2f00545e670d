package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.Kind;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.upstream.ClientNaming;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the background session never ends, whatever a record or a journal says. */
final class GuardsTest {
  private static final ClientKey KEY = new ClientKey("a");

  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeGenesys genesys = session.genesys;

  @BeforeEach
  void configure() throws InterruptedException {
    session.configured();
    session.retiring("a");
    genesys.forgetCalls();
  }

  @Test
  void a_dynamic_record_does_not_end_what_a_static_role_hands_out() throws Exception {
    session.live = Orders.handedOut(new ClientId("client-of-a"));

    session.runFor(Duration.ofHours(3));

    assertThat(genesys.calls()).isEmpty();
    assertThat(record().state()).isEqualTo(State.STUCK);
    assertThat(record().lastError()).contains("a static role hands out").contains("retry");
  }

  @Test
  void nor_does_one_that_says_that_the_client_is_deactivated() throws Exception {
    session.live = Orders.handedOut(new ClientId("client-of-a"));
    session.mount.client(KEY).put(record().deactivatedAt(session.time.now()));

    session.runFor(Duration.ofHours(3));

    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void nor_does_a_promised_revoke() throws Exception {
    session.live = Orders.handedOut(new ClientId("client-of-a"));
    session.mount.client(KEY).delete();
    session.journal(KEY, new ClientId("client-of-a"), Orders.MARK);

    session.runFor(Duration.ofHours(3));

    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void a_former_client_goes_although_its_role_has_not_let_go_of_it_yet() throws Exception {
    session.live = Orders.handedOut(new ClientId("client-of-a"));
    session.mount.client(KEY).put(of(Kind.STATIC, record().names(), record()));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void what_the_role_lets_go_of_is_ended_when_it_is_tried_again() throws Exception {
    session.live = Orders.handedOut(new ClientId("client-of-a"));
    session.locks.meanwhile(() -> {
      session.live = Orders.NONE;
      session.time.advance(Duration.ofSeconds(10));
      session.clientQueue.hurry(ClientSnapshot::leaving);
    });

    session.runFor(Duration.ofMinutes(1));

    assertThat(genesys.held()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "payroll",
        "vault-demo-other0123456789ab-a-1",
        "vault-demo-0123456789abcdef-b-1",
        "vault-demo-0123456789abcdef-a2-1"
      })
  void a_dynamic_record_proves_nothing_with_the_name_of_another(String name) throws Exception {
    session.mount.client(KEY).put(of(Kind.DYNAMIC, List.of(new ClientName(name)), record()));

    session.runFor(Duration.ofHours(3));

    assertThat(genesys.calls()).isEmpty();
    assertThat(record().state()).isEqualTo(State.STUCK);
    assertThat(record().lastError()).contains(name).contains("mark and its key");
  }

  @Test
  void nor_with_one_such_name_among_its_own() throws Exception {
    var names = List.of(new ClientName("payroll"), record().latestName());
    session.mount.client(KEY).put(of(Kind.DYNAMIC, names, record()));

    session.runFor(Duration.ofHours(3));

    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void a_former_client_of_a_static_role_may_have_whatever_name_it_was_imported_with()
      throws Exception {
    var names = List.of(new ClientName("wallboard"));
    session.mount.client(KEY).put(of(Kind.STATIC, names, record()));

    session.runFor(Duration.ofSeconds(1));

    assertThat(genesys.held()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void nothing_ends_the_mounts_own_client_and_the_remedy_is_told(Kind kind) throws Exception {
    var own = record().issued(new ClientId("own"), session.time.now()).retiring("");
    session.mount.client(KEY).put(of(kind, own.names(), own));

    session.runFor(Duration.ofHours(3));

    assertThat(genesys.calls()).isEmpty();
    assertThat(record().lastError()).contains("write config with another client");
  }

  private ClientRecord record() throws InterruptedException {
    return session.mount.client(KEY).get().orElseThrow();
  }

  private static ClientRecord of(Kind kind, List<ClientName> names, ClientRecord like) {
    Instant created = like.created();
    return new ClientRecord(
        State.RETIRING,
        kind,
        names,
        like.clientId(),
        like.organizationId(),
        like.role(),
        like.body(),
        created,
        created,
        like.deadline(),
        null,
        "",
        "",
        "",
        Map.of());
  }

  @Test
  void a_mark_is_not_part_of_a_longer_one() {
    var name = "vault-demo-0" + Orders.MARK + "-a-1";

    assertThat(ClientNaming.isOurs(name, Orders.MARK, KEY)).isFalse();
    assertThat(ClientNaming.isOurs(name, new Mark("0" + Orders.MARK), KEY)).isTrue();
  }
}
