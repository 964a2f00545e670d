package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.PlayedDestinations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever reads a static credential elsewhere has it before the former one may end. */
final class DestinationsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration UNTIL_NEXT = RotationHarness.PERIOD.plus(MINUTE.multipliedBy(5));
  private static final String KV = "kv.test";
  private static final String SPARE = "spare.test";
  private final RotationHarness it;

  DestinationsTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @BeforeEach
  void defined() throws Exception {
    destination("kv", KV, true);
    destination("spare", SPARE, false);
    it.entries = List.of(entry("kv", "apps/crm"), entry("spare", "crm"));
    it.defined("crm").rotateFor(MINUTE);
    it.genesys.forgetCalls();
    var _ = it.destinations.calls();
  }

  private static DestinationEntry entry(String destination, String name) {
    return new DestinationEntry(destination, name, Map.of(), Map.of());
  }

  private void destination(String name, String address, boolean required) throws Exception {
    destination(name, address, required, false, false);
  }

  private void destination(
      String name, String address, boolean required, boolean repairs, boolean removes)
      throws Exception {
    it.mount
        .destinations()
        .entry(name)
        .put(
            new DestinationConfig(
                PlayedDestinations.KIND,
                Map.of("address", address, "secret_id", "a secret"),
                "revision of " + address,
                required,
                repairs,
                removes,
                Duration.ofDays(1),
                Map.of()));
  }

  private String present() throws InterruptedException {
    return it.current("crm").id().value();
  }

  private State state(String destination) throws InterruptedException {
    return it.credential("crm").deliveries().stream()
        .filter(delivery -> delivery.destination().equals(destination))
        .findFirst()
        .orElseThrow()
        .state();
  }

  @Test
  void the_first_credential_is_everywhere_as_readers_of_vault_get_it() throws Exception {
    var credential = it.current("crm");

    assertThat(it.destinations.at(KV, "apps/crm").orElseThrow().value().members())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "client_id",
                credential.id().value(),
                "client_secret",
                credential.secret().reveal(),
                "login_url",
                "https://login.mypurecloud.de",
                "api_url",
                "https://api.mypurecloud.de"));
    assertThat(it.destinations.clientAt(SPARE, "crm")).isEqualTo(present());
    assertThat(Deliveries.behind(it.credential("crm"))).isEmpty();
  }

  @Test
  void it_is_there_before_readers_get_it_and_a_sending_is_announced_first() throws Exception {
    var former = present();
    it.destinations.onSend(() -> {
      try {
        assertThat(it.credential("crm").deliveries())
            .anyMatch(delivery -> delivery.state() == State.SENDING);
        if (it.destinations.clientAt(SPARE, "crm").equals(former)) {
          assertThat(present()).isEqualTo(former);
          assertThat(it.credential("crm").phase()).isEqualTo(Phase.CREATED);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });

    it.rotateFor(UNTIL_NEXT);

    assertThat(present()).isNotEqualTo(former);
    assertThat(it.destinations.calls())
        .filteredOn(call -> call.startsWith("send"))
        .containsExactly("send %s/apps/crm".formatted(KV), "send %s/crm".formatted(SPARE));
    assertThat(it.destinations.clientAt(KV, "apps/crm")).isEqualTo(present());
    assertThat(it.destinations.clientAt(SPARE, "crm")).isEqualTo(present());
  }

  @Test
  void one_that_is_away_holds_the_switch_and_the_former_works_on() throws Exception {
    var former = it.current("crm");
    it.destinations.fail(KV, Extent.DESTINATION, "kv.test is sealed");

    it.rotateFor(UNTIL_NEXT.plus(Duration.ofDays(3)));

    assertThat(present()).isEqualTo(former.id().value());
    assertThat(it.genesys.logsIn(former)).isTrue();
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.CREATED);
    assertThat(it.events.sent().toString())
        .contains("static-role-destination-failed", "kv.test is sealed");
    var next = Objects.requireNonNull(it.credential("crm").next()).clientId();

    it.destinations.mend(KV);
    it.rotateFor(HOUR);

    assertThat(it.current("crm").id()).isEqualTo(next);
    assertThat(it.destinations.clientAt(KV, "apps/crm")).isEqualTo(present());
    assertThat(it.graceEnd("crm"))
        .isEqualTo(
            Objects.requireNonNull(it.credential("crm").lastRotation())
                .plus(RotationHarness.GRACE));
  }

  @Test
  void one_that_is_not_required_is_caught_up_after_the_switch() throws Exception {
    var former = present();
    it.destinations.fail(SPARE, Extent.DESTINATION, "spare.test is away");

    it.rotateFor(UNTIL_NEXT);

    assertThat(present()).isNotEqualTo(former);
    assertThat(it.destinations.clientAt(SPARE, "crm")).isEqualTo(former);
    assertThat(Deliveries.behind(it.credential("crm"))).containsExactly("spare/crm");

    it.destinations.mend(SPARE);
    it.rotateFor(HOUR);

    assertThat(it.destinations.clientAt(SPARE, "crm")).isEqualTo(present());
    assertThat(Deliveries.behind(it.credential("crm"))).isEmpty();
  }

  @Test
  void what_was_sent_somewhere_is_never_taken_back() throws Exception {
    destination("kv", "other.test", true);
    destination("spare", SPARE, true);
    it.destinations.fail(SPARE, Extent.DESTINATION, "spare.test is away");
    it.rotateFor(UNTIL_NEXT);
    var next = Objects.requireNonNull(it.credential("crm").next());
    assertThat(it.destinations.clientAt("other.test", "apps/crm"))
        .isEqualTo(Objects.requireNonNull(next.clientId()).value());

    // Whatever would condemn one that nobody has yet.
    var kept =
        new RotationRequests(it.time, it.randomness, dev.genesysvault.upstream.Delays.STANDARD)
            .withoutNext("crm", it.credential("crm"), it.credentials);
    assertThat(Objects.requireNonNull(kept.next()).key()).isEqualTo(next.key());
    it.genesys.loseAPair(1);
    it.moveTo("usw2.pure.cloud");
    it.destinations.mend(SPARE);
    it.rotateFor(HOUR);

    assertThat(it.current("crm").id()).isEqualTo(next.clientId());
  }

  @Test
  void a_process_that_died_while_sending_sends_again() throws Exception {
    it.destinations.onSend(() -> {
      throw new OutOfMemoryError("for the test");
    });
    assertThatThrownBy(() -> it.rotateFor(UNTIL_NEXT)).isInstanceOf(OutOfMemoryError.class);
    assertThat(state("kv")).isEqualTo(State.SENDING);

    it.destinations.onSend(() -> {});
    it.rotateFor(HOUR.plus(HOUR));

    assertThat(it.destinations.clientAt(KV, "apps/crm")).isEqualTo(present());
    assertThat(state("kv")).isEqualTo(State.CONFIRMED);
    // The value was there already.
    assertThat(it.destinations.at(KV, "apps/crm").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void an_emergency_waits_for_nobody_and_names_who_is_behind() throws Exception {
    var leaked = it.current("crm");
    it.destinations.fail(KV, Extent.DESTINATION, "kv.test is away");
    var _ = it.ask("crm", false, true, false);

    it.liveFor(MINUTE.multipliedBy(2));

    assertThat(present()).isNotEqualTo(leaked.id().value());
    assertThat(it.active(leaked.id())).isFalse();
    assertThat(Deliveries.behind(it.credential("crm"))).containsExactly("kv/apps/crm");
    assertThat(it.events.sent().toString()).contains("static-role-destination-behind");

    it.destinations.mend(KV);
    it.rotateFor(HOUR);
    assertThat(it.destinations.clientAt(KV, "apps/crm")).isEqualTo(present());
  }

  @Test
  void what_somebody_overwrote_is_seen_within_a_day_and_waits_for_a_word() throws Exception {
    it.destinations.overwrite(KV, "apps/crm");

    it.rotateFor(Duration.ofHours(25));

    assertThat(state("kv")).isEqualTo(State.DRIFTED);
    assertThat(it.destinations.clientAt(KV, "apps/crm")).isNotEqualTo(present());
    assertThat(it.events.sent().toString())
        .contains("static-role-destination-drifted", "version 2 holds something else");

    it.credentials.put(
        "crm",
        Deliveries.wanted(
            it.credential("crm"),
            it.credentials.role("crm").orElseThrow(),
            _ -> true,
            it.time.now()));
    it.rotateFor(MINUTE);
    assertThat(it.destinations.clientAt(KV, "apps/crm")).isEqualTo(present());
  }

  @Test
  void what_somebody_overwrote_is_mended_where_that_is_wanted() throws Exception {
    destination("kv", KV, true, true, false);
    it.destinations.overwrite(KV, "apps/crm");

    it.rotateFor(Duration.ofHours(25));

    assertThat(it.destinations.clientAt(KV, "apps/crm")).isEqualTo(present());
    assertThat(state("kv")).isEqualTo(State.CONFIRMED);
  }

  @Test
  void what_was_overwritten_gets_the_next_client_like_all_others() throws Exception {
    it.destinations.overwrite(KV, "apps/crm");

    it.rotateFor(UNTIL_NEXT);

    assertThat(it.destinations.clientAt(KV, "apps/crm")).isEqualTo(present());
  }

  @Test
  void it_is_looked_at_once_a_day_by_sessions_however_short() throws Exception {
    for (int i = 0; i < 4 * 24; i++) {
      it.rotateFor(HOUR);
    }

    assertThat(it.destinations.calls())
        .filteredOn(call -> call.startsWith("look " + KV))
        .hasSizeBetween(3, 5);
  }

  @Test
  void a_destination_that_is_away_is_asked_once_for_all_roles() throws Exception {
    for (int i = 0; i < 20; i++) {
      it.entries = List.of(entry("kv", "many-" + i));
      it.defined("many-" + i);
    }
    it.destinations.fail(KV, Extent.DESTINATION, "kv.test is sealed");
    var _ = it.destinations.calls();

    it.rotateFor(HOUR);

    // One in ten minutes, and those while the first ones failed side by side.
    assertThat(it.destinations.calls()).hasSizeLessThan(40);
    it.destinations.mend(KV);
    it.rotateFor(HOUR);
    assertThat(it.credential("many-7").current()).isNotNull();
    assertThat(it.destinations.clientAt(KV, "many-7")).isEqualTo(it.current("many-7").id().value());
  }

  @Test
  void a_deleted_role_ends_its_client_first_and_then_takes_away_what_is_to_go() throws Exception {
    destination("kv", KV, true, false, true);
    it.destinations.fail(KV, Extent.DESTINATION, "kv.test is away");
    var last = it.current("crm");
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));

    it.liveFor(MINUTE);

    assertThat(it.active(last.id())).isFalse();
    assertThat(it.credentials.get("crm")).isPresent();
    it.destinations.mend(KV);
    it.rotateFor(HOUR);
    assertThat(it.credentials.get("crm")).isEmpty();
    assertThat(it.destinations.at(KV, "apps/crm")).isEmpty();
    assertThat(it.destinations.clientAt(SPARE, "crm")).isEqualTo(last.id().value());
  }

  @Test
  void a_deleted_role_does_not_wait_for_ever_for_a_destination_that_stays_away() throws Exception {
    destination("kv", KV, true, false, true);
    it.destinations.fail(KV, Extent.DESTINATION, "kv.test is away");
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));

    it.rotateFor(HOUR.plus(HOUR));

    assertThat(it.credentials.get("crm")).isEmpty();
    assertThat(it.events.sent().toString()).contains("static-role-destination-left");
  }

  @Test
  void what_somebody_else_wrote_since_is_not_taken_away() throws Exception {
    destination("kv", KV, true, false, true);
    it.destinations.overwrite(KV, "apps/crm");
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));

    it.rotateFor(MINUTE);

    assertThat(it.credentials.get("crm")).isEmpty();
    assertThat(it.destinations.at(KV, "apps/crm").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void a_destination_that_is_not_configured_any_more_holds_the_switch_and_is_named()
      throws Exception {
    var former = present();
    it.mount.destinations().entry("kv").delete();

    it.rotateFor(UNTIL_NEXT);

    assertThat(present()).isEqualTo(former);
    assertThat(it.events.sent().toString())
        .contains("destinations/kv is missing in storage: write it again");
  }

  @Test
  void one_of_a_kind_that_this_sidecar_does_not_have_holds_the_switch_only_where_it_is_required()
      throws Exception {
    var former = present();
    it.mount.destinations().entry("spare").put(unknownKind(false));
    it.rotateFor(UNTIL_NEXT);
    assertThat(present()).isNotEqualTo(former);
    assertThat(it.events.sent().toString())
        .contains(
            "destinations/spare is of the kind smoke_signal, which this sidecar does not have");

    former = present();
    it.mount.destinations().entry("spare").put(unknownKind(true));
    it.rotateFor(UNTIL_NEXT);
    assertThat(present()).isEqualTo(former);
  }

  private static DestinationConfig unknownKind(boolean required) {
    return new DestinationConfig(
        "smoke_signal", Map.of(), "r", required, false, false, Duration.ofDays(1), Map.of());
  }

  @Test
  void an_entry_that_was_sent_to_elsewhere_before_is_sent_to_anew() throws Exception {
    destination("kv", "moved.test", true);

    it.rotateFor(HOUR.plus(MINUTE));

    assertThat(it.destinations.clientAt("moved.test", "apps/crm")).isEqualTo(present());
  }

  @Test
  void nothing_is_taken_away_where_a_destination_leads_since_it_was_changed() throws Exception {
    destination("kv", "moved.test", true, false, true);
    it.destinations.overwrite("moved.test", "apps/crm");
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));

    it.rotateFor(MINUTE);

    assertThat(it.destinations.at("moved.test", "apps/crm")).isPresent();
    assertThat(it.events.sent().toString())
        .contains("static-role-destination-left", "led before it was changed");
  }

  @Test
  void what_is_away_for_hours_holds_up_a_deletion_for_minutes() throws Exception {
    destination("kv", KV, true, false, true);
    it.destinations.fail(KV, Extent.DESTINATION, "kv.test is away");
    it.rotateFor(UNTIL_NEXT);
    it.credentials.put("crm", it.credential("crm").with(draft -> draft.phase = Phase.DELETING));

    it.rotateFor(MINUTE.multipliedBy(5));

    assertThat(it.credentials.get("crm")).isEmpty();
  }

  @Test
  void an_outage_on_purpose_names_who_reads_the_dead_credential_elsewhere() throws Exception {
    it.genesys.loseAPair(1_000);
    var _ = it.ask("crm", false, true, true);

    it.rotateFor(MINUTE);

    assertThat(it.credential("crm").current()).isNull();
    assertThat(it.events.sent().toString())
        .contains("static-role-destination-behind", "destination=kv/apps/crm");
  }

  @Test
  void a_template_says_what_an_entry_holds() {
    var value =
        new CredentialValue(
                new dev.genesysvault.domain.Credential(
                    new ClientId("id-1"), Secret.of("quote\" and {{api_url}}")),
                dev.genesysvault.domain.Endpoint.of("mypurecloud.de"))
            .as(
                Map.of(
                    "login",
                    "{{ client_id }}:{{client_secret}}@{{login_url}}",
                    "nested",
                    List.of(Map.of("id", "<{{client_id}}>"), 7)));

    assertThat(value.members())
        .containsEntry("login", "id-1:quote\" and {{api_url}}@https://login.mypurecloud.de")
        .containsEntry("nested", List.of(Map.of("id", "<id-1>"), 7));
    assertThat(value.toString()).doesNotContain("quote");
    assertThat(CredentialValue.unknown(Map.of("a", List.of("{{client_id}} {{password}} {{"))))
        .containsExactly("password");
  }

  @Test
  void a_role_without_destinations_costs_what_it_did() throws Exception {
    var other = new RotationHarness().defined("plain").rotateFor(MINUTE);
    other.storage.forgetOperations();

    other.rotateFor(UNTIL_NEXT);

    assertThat(other.storage.operations())
        .noneMatch(operation -> operation.contains("destinations/"));
    assertThat(other.credential("plain").deliveries()).isEmpty();
  }
}
