package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.UsageCheck;
import dev.genesysvault.testing.RecordedEvents;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whichever step sees a client dead that readers hold, operators are told of it, once. */
final class DeadClientsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final RotationHarness it;

  DeadClientsTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @Test
  void a_usage_check_tells_of_a_former_client_that_somebody_deleted() throws Exception {
    it.usageCheck = UsageCheck.WARN;
    var former = made("crm");
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    it.genesys.lose(former.id());

    it.rotateFor(MINUTE.multipliedBy(40));

    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
    assertThat(told())
        .singleElement()
        .satisfies(event ->
            assertThat(event.metadata())
                .containsEntry("name", "crm")
                .containsEntry("path", "static-roles/crm")
                .containsEntry("client_id", former.id().value())
                .hasEntrySatisfying(
                    "error", why -> assertThat(why).contains("until its grace is over", "gone")));
    assertThat(trouble("crm")).hasValueSatisfying(why -> assertThat(why).contains("is gone"));

    it.rotateFor(MINUTE.multipliedBy(30));
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.IDLE);
    assertThat(trouble("crm")).isEmpty();
    assertThat(told()).hasSize(1);
  }

  @Test
  void a_former_client_whose_calls_alone_genesys_does_not_know_is_well() throws Exception {
    it.usageCheck = UsageCheck.WARN;
    var _ = made("crm");
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    it.genesys.refuse("queryUsage", 404, "not.found");

    it.rotateFor(MINUTE.multipliedBy(40));

    assertThat(it.calls()).contains("queryUsage");
    assertThat(told()).isEmpty();
    assertThat(trouble("crm")).isEmpty();
  }

  @Test
  void a_copy_tells_of_the_present_client_that_it_copies_until_there_is_another_one()
      throws Exception {
    var original = it.genesys.hold("original", it.body(made("crm").id()));
    it.role("copy", RotationHarness.MONTHLY, Set.of(), original.value()).rotateFor(MINUTE);
    var first = it.current("copy");
    it.genesys.hold(first.id().value(), it.body(first.id()).inactive());
    it.genesys.doAt(
        "create",
        () ->
            assertThat(trouble("copy"))
                .hasValueSatisfying(
                    why -> assertThat(why).contains("inactive", "rotate-role/copy")));

    it.pastTheNextRotation("copy");

    assertThat(told()).hasSize(1);
    assertThat(told().getFirst().metadata()).containsEntry("client_id", first.id().value());
    assertThat(it.current("copy").id()).isNotEqualTo(first.id());
    assertThat(trouble("copy")).isEmpty();
  }

  @Test
  void a_copy_tells_of_another_role_whose_client_it_copies() throws Exception {
    var original = made("crm");
    it.genesys.hold(original.id().value(), it.body(original.id()).inactive());

    it.role("copy", RotationHarness.MONTHLY, Set.of(), original.id().value()).rotateFor(MINUTE);

    assertThat(told())
        .singleElement()
        .satisfies(event -> assertThat(event.metadata()).containsEntry("name", "crm"));
  }

  @Test
  void a_client_that_an_emergency_ended_is_nobodys_surprise() throws Exception {
    var original = it.genesys.hold("original", it.body(made("crm").id()));
    it.role("copy", RotationHarness.MONTHLY, Set.of(), original.value()).rotateFor(MINUTE);
    it.genesys.refuse("create", 403, "missing");
    var _ = it.ask("copy", false, true, true);
    it.liveFor(MINUTE.multipliedBy(2));

    it.genesys.mend();
    it.liveFor(MINUTE.multipliedBy(30));

    assertThat(Objects.requireNonNull(it.credential("copy").current()).clientId()).isNotNull();
    assertThat(told()).isEmpty();
  }

  private Credential made(String name) throws InterruptedException {
    it.role(name, RotationHarness.MONTHLY, "role-1:*").rotateFor(MINUTE);
    return it.current(name);
  }

  private Optional<String> trouble(String role) {
    try {
      var summary = RoleSummary.of(it.credential(role));
      return it.credentials.present().trouble(role, summary);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<RecordedEvents.Event> told() {
    return it.events.sent().stream()
        .filter(event -> event.type().equals("genesys/static-role-client-error"))
        .toList();
  }
}
