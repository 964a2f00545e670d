package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.FakeIntegrations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An integration of the mount's own organisation logs in with the present client at any moment. */
final class OwnIntegrationsTest {
  private static final String CREDENTIAL = "0a1b2c3d-1111-2222-3333-444455556666";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration UNTIL_NEXT = RotationHarness.PERIOD.plus(MINUTE.multipliedBy(5));

  private final RotationHarness it;
  private final FakeIntegrations integrations;

  OwnIntegrationsTest() throws InterruptedException {
    it = new RotationHarness();
    integrations = it.genesys.integrations();
  }

  @BeforeEach
  void defined() throws Exception {
    integrations.hold(CREDENTIAL, "CRM", "pureCloudOAuthClient");
    it.mount
        .destinations()
        .entry("crm")
        .put(
            new DestinationConfig(
                "integration_credential",
                Map.of(),
                "r",
                true,
                false,
                false,
                Duration.ofDays(1),
                Map.of()));
    it.entries = List.of(new DestinationEntry("crm", CREDENTIAL, Map.of(), Map.of()));
    it.defined("crm").rotateFor(MINUTE);
  }

  private ClientId held() {
    return integrations.login(CREDENTIAL).orElseThrow().id();
  }

  private Delivery delivery() throws InterruptedException {
    return it.credential("crm").deliveries().getFirst();
  }

  @Test
  void it_has_the_next_client_before_readers_get_that() throws Exception {
    var former = it.current("crm");
    assertThat(held()).isEqualTo(former.id());
    it.genesys.doAt(
        "replaceCredential",
        () -> {
          try {
            assertThat(it.current("crm").id()).isEqualTo(former.id());
            assertThat(it.genesys.logsIn(former)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    it.rotateFor(UNTIL_NEXT);

    assertThat(held()).isNotEqualTo(former.id()).isEqualTo(it.current("crm").id());
    assertThat(it.genesys.logsIn(integrations.login(CREDENTIAL).orElseThrow())).isTrue();
    assertThat(delivery().version()).isEqualTo(integrations.modified(CREDENTIAL));
    assertThat(delivery().state()).isEqualTo(State.CONFIRMED);
  }

  @Test
  void it_is_written_within_the_budget_of_rotations_and_looked_at_within_that_of_looks()
      throws Exception {
    assertThat(integrations.lanes()).containsOnly(Lane.ROTATE);

    it.rotateFor(Duration.ofDays(2));

    assertThat(integrations.lanes().getLast()).isEqualTo(Lane.LOOK);
  }

  @Test
  void a_missing_permission_holds_the_switch_and_is_named() throws Exception {
    var former = it.current("crm");
    for (int i = 0; i < 100_000; i++) {
      it.genesys.refuse("replaceCredential", 403, "missing.any.permissions");
    }

    it.rotateFor(UNTIL_NEXT);

    assertThat(it.current("crm").id()).isEqualTo(former.id());
    assertThat(held()).isEqualTo(former.id());
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.CREATED);
    assertThat(it.events.sent().toString()).contains("lacks integrations:integration:edit");
    it.genesys.mend();
    it.rotateFor(Duration.ofMinutes(15));
    assertThat(held()).isEqualTo(it.current("crm").id()).isNotEqualTo(former.id());
  }

  @Test
  void a_lost_answer_is_asked_for_again() throws Exception {
    it.genesys.loseReply("replaceCredential", true);

    it.rotateFor(UNTIL_NEXT);

    assertThat(held()).isEqualTo(it.current("crm").id());
    assertThat(delivery().state()).isEqualTo(State.CONFIRMED);
  }

  @Test
  void somebody_elses_change_shows_as_drift() throws Exception {
    integrations.overwrite(CREDENTIAL, "somebody");

    it.rotateFor(Duration.ofDays(2));

    assertThat(delivery().state()).isEqualTo(State.DRIFTED);
    assertThat(it.events.sent().toString()).contains("by somebody else");
  }

  @Test
  void a_credential_that_was_made_elsewhere_is_not_sent_to_other_addresses() throws Exception {
    var former = it.current("crm");
    it.moveTo("mypurecloud.ie");
    it.credentials.put(
        "crm",
        Deliveries.wanted(
            it.credential("crm"),
            it.credentials.role("crm").orElseThrow(),
            _ -> true,
            it.time.now()));
    it.genesys.forgetCalls();

    it.rotateFor(MINUTE);

    assertThat(it.calls()).doesNotContain("replaceCredential");
    assertThat(it.events.sent().toString()).contains("made under other addresses");
    it.rotateFor(UNTIL_NEXT);
    assertThat(held()).isEqualTo(it.current("crm").id()).isNotEqualTo(former.id());
  }

  @Test
  void while_nobody_can_act_it_says_why() throws Exception {
    it.unreachable = "this mount is not configured";

    it.rotateFor(Duration.ofDays(2));

    assertThat(it.events.sent().toString()).contains("this mount is not configured");
    assertThat(delivery().state()).isEqualTo(State.CONFIRMED);
  }

  @Test
  void a_role_that_goes_leaves_the_credential_where_it_is() throws Exception {
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));
    it.genesys.forgetCalls();

    it.rotateFor(Duration.ofHours(1));

    assertThat(it.credentials.get("crm")).isEmpty();
    assertThat(it.calls()).doesNotContain("replaceCredential", "getCredential");
  }
}
