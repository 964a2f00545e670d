package dev.genesysvault.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.client.IssueResult.Issued;
import dev.genesysvault.client.IssueResult.Otherwise;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.upkeep.UpkeepHarness;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a client that Genesys makes otherwise than asked. */
final class MadeOtherwiseTest {
  private static final UnaryOperator<ClientBody> WITHOUT_PAIRS = without("roleDivisions");

  private final UpkeepHarness session = new UpkeepHarness();
  private final FakeGenesys genesys = session.genesys;

  @BeforeEach
  void configure() throws InterruptedException {
    session.configured();
  }

  @Test
  void a_client_with_less_is_not_handed_out_and_goes() throws Exception {
    genesys.keep(with("roleDivisions", List.of()));

    var refused = (Otherwise) session.tryToIssue();

    assertThat(refused.differences()).containsExactly("roleDivisions lacks [role-1:*]");
    assertThat(refused.why()).contains("cid-made").contains(refused.id().value());
    assertThat(genesys.calls()).containsExactly("create");
    assertThat(session.storage.writes()).hasSize(2);

    session.runFor(Duration.ofSeconds(1));
    assertThat(genesys.held()).isEmpty();
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void its_record_claims_what_genesys_made_and_says_why_it_goes() throws Exception {
    var more = Set.of(new RoleDivision("role-1", "*"), new RoleDivision("role-9", "div-9"));
    genesys.keep(body ->
        new ClientBody(
            ClientBody.of(
                    new ClientName(body.text("name")), "", Duration.ofHours(1), more, Map.of())
                .members()));

    assertThat(session.tryToIssue()).isInstanceOf(Otherwise.class);

    assertThat(session.record().state()).isEqualTo(State.RETIRING);
    assertThat(session.record().body().roleDivisions()).isEqualTo(more);
    assertThat(session.record().lastError())
        .contains("role-9:div-9", "ipAllowlist", "correlation id cid-made");
  }

  @Test
  void another_grant_type_state_or_validity_decides_and_a_description_does_not() throws Exception {
    for (var member : List.of("authorizedGrantType", "state", "accessTokenValiditySeconds")) {
      session.storage.delete(Orders.RECORD);
      genesys.keep(with(member, "other"));
      assertThat(session.tryToIssue()).as(member).isInstanceOf(Otherwise.class);
    }
    session.storage.delete(Orders.RECORD);
    genesys.keep(with("description", "another"));
    assertThat(session.tryToIssue()).isInstanceOf(Issued.class);
  }

  @Test
  void a_name_that_lost_mark_and_key_decides_and_its_beginning_does_not() throws Exception {
    genesys.keep(body -> body.named(new ClientName(body.text("name").substring(0, 20))));
    assertThat(((Otherwise) session.tryToIssue()).why()).contains("name_template");

    session.storage.delete(Orders.RECORD);
    genesys.keep(body -> body.named(new ClientName(body.text("name").replace("vault", "?"))));
    assertThat(session.tryToIssue()).isInstanceOf(Issued.class);
  }

  @Test
  void a_reply_that_does_not_show_what_decides_costs_one_look() throws Exception {
    genesys.show(WITHOUT_PAIRS);
    assertThat(session.tryToIssue()).isInstanceOf(Issued.class);
    assertThat(genesys.calls()).containsExactly("create", "get");

    session.storage.delete(Orders.RECORD);
    genesys.loseAPair(1);
    assertThat(session.tryToIssue()).isInstanceOf(Otherwise.class);
  }

  @Test
  void what_cannot_be_looked_at_is_not_handed_out() throws Exception {
    genesys.show(WITHOUT_PAIRS);
    genesys.beAway("get");

    assertThat(session.tryToIssue()).isInstanceOf(Otherwise.class);

    session.runFor(Duration.ofSeconds(1));
    assertThat(genesys.held()).isEmpty();
  }

  @Test
  void a_client_that_turned_up_after_a_lost_reply_is_compared_as_well() throws Exception {
    genesys.loseReply("create", true);
    genesys.loseAPair(1);

    assertThat(session.tryToIssue()).isInstanceOf(Otherwise.class);

    session.runFor(Duration.ofMinutes(10));
    assertThat(genesys.held()).isEmpty();
    assertThat(session.storage.keys()).containsExactly("config", "mount");
  }

  @Test
  void it_is_taken_back_where_its_record_cannot_be_written() {
    genesys.loseAPair(1);
    session.storage.failWhen(
        StorageException.Kind.OTHER,
        op -> op.startsWith("put ") && genesys.calls().contains("create"));

    assertThatThrownBy(session::tryToIssue).isInstanceOf(StorageException.class);

    assertThat(genesys.held()).isEmpty();
  }

  private static UnaryOperator<ClientBody> with(String member, Object value) {
    return body -> {
      var members = new LinkedHashMap<>(body.members());
      members.put(member, value);
      return new ClientBody(members);
    };
  }

  private static UnaryOperator<ClientBody> without(String member) {
    return body -> {
      var members = new LinkedHashMap<>(body.members());
      members.remove(member);
      return new ClientBody(members);
    };
  }
}
