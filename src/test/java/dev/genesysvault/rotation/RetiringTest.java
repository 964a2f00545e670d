package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.testing.PlayedDestinations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Readers of a destination that shows former versions reach the former client until its grace is
 * over, and not for longer.
 */
final class RetiringTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration UNTIL_NEXT = RotationHarness.PERIOD.plus(MINUTE.multipliedBy(5));
  private static final Duration PAST_GRACE = RotationHarness.GRACE.plus(MINUTE.multipliedBy(5));
  private static final String ADDRESS = "secrets.test";

  private final RotationHarness it;

  RetiringTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @BeforeEach
  void defined() throws Exception {
    it.destinations.keepFormer();
    define("secrets");
  }

  private void define(String name) throws InterruptedException {
    it.mount
        .destinations()
        .entry(name)
        .put(
            new DestinationConfig(
                PlayedDestinations.KIND,
                Map.of("address", ADDRESS),
                "r",
                true,
                false,
                false,
                Duration.ofDays(1),
                Map.of()));
    it.entries = List.of(new DestinationEntry(name, "crm", Map.of(), Map.of()));
    it.defined("crm").rotateFor(MINUTE);
    var _ = it.destinations.calls();
  }

  private ClientId present() throws InterruptedException {
    return it.current("crm").id();
  }

  private List<String> reached() {
    return it.destinations.clientsAt(ADDRESS, "crm");
  }

  private Delivery delivery() throws InterruptedException {
    return it.credential("crm").deliveries().getFirst();
  }

  private List<String> retirings() {
    return it.destinations.calls().stream().filter(call -> call.startsWith("retire")).toList();
  }

  @Test
  void the_former_client_is_reached_until_its_grace_is_over() throws Exception {
    var former = present();

    it.rotateFor(UNTIL_NEXT);

    assertThat(reached()).containsExactly(former.value(), present().value());
    assertThat(delivery().former()).extracting(Delivery.Former::version).containsExactly("1");
    assertThat(retirings()).isEmpty();

    it.rotateFor(PAST_GRACE);

    assertThat(reached()).containsExactly(present().value());
    assertThat(delivery().former()).isEmpty();
    assertThat(retirings()).containsExactly("retire 1 of %s/crm".formatted(ADDRESS));
  }

  @Test
  void it_goes_at_once_where_it_leaked() throws Exception {
    var leaked = present();
    var _ = it.ask("crm", false, true, false);

    it.liveFor(MINUTE.multipliedBy(2));

    assertThat(it.active(leaked)).isFalse();
    assertThat(reached()).containsExactly(present().value());
  }

  @Test
  void what_cannot_be_retired_is_told_and_tried_again_and_holds_nothing_up() throws Exception {
    it.rotateFor(UNTIL_NEXT);
    var second = present();
    it.destinations.fail(ADDRESS, Extent.ENTRY, "secretsmanager:UpdateSecretVersionStage missing");

    it.rotateFor(PAST_GRACE);

    assertThat(delivery().state()).isEqualTo(Delivery.State.CONFIRMED);
    assertThat(delivery().former()).hasSize(1);
    assertThat(it.events.sent().toString())
        .contains("static-role-destination-failed", "UpdateSecretVersionStage missing");
    assertThat(retirings()).hasSizeBetween(1, 20);

    it.destinations.mend(ADDRESS);
    it.rotateFor(RotationHarness.PERIOD.minus(RotationHarness.GRACE));

    assertThat(present()).isNotEqualTo(second);
    assertThat(reached()).containsExactly(second.value(), present().value());
  }

  @Test
  void a_process_that_died_while_it_retired_does_so_again() throws Exception {
    it.rotateFor(UNTIL_NEXT);
    it.destinations.onRetire(() -> {
      throw new OutOfMemoryError("for the test");
    });
    assertThatThrownBy(() -> it.rotateFor(PAST_GRACE)).isInstanceOf(OutOfMemoryError.class);
    assertThat(delivery().former()).hasSize(1);

    it.destinations.onRetire(() -> {});
    it.rotateFor(MINUTE.multipliedBy(15));

    assertThat(delivery().former()).isEmpty();
    assertThat(reached()).containsExactly(present().value());
  }

  @Test
  void what_was_sent_once_more_goes_with_the_client_whose_it_is() throws Exception {
    var first = present();
    it.destinations.overwrite(ADDRESS, "crm");
    it.credentials.put(
        "crm",
        Deliveries.wanted(
            it.credential("crm"),
            it.credentials.role("crm").orElseThrow(),
            _ -> true,
            it.time.now()));
    it.rotateFor(MINUTE);
    assertThat(delivery().version()).isEqualTo("3");
    assertThat(delivery().former())
        .extracting(Delivery.Former::version, former -> former.client().value())
        .containsExactly(
            tuple("1", Objects.requireNonNull(it.credential("crm").current()).key().value()));

    it.rotateFor(UNTIL_NEXT);
    assertThat(reached()).contains(first.value());
    it.rotateFor(PAST_GRACE);

    assertThat(retirings()).containsExactly("retire 1,3 of %s/crm".formatted(ADDRESS));
    assertThat(reached()).containsExactly("null", present().value());
  }

  @Test
  void versions_of_where_a_destination_led_before_are_nobodys_where_it_leads_now()
      throws Exception {
    it.rotateFor(UNTIL_NEXT);
    it.mount
        .destinations()
        .entry("secrets")
        .put(
            new DestinationConfig(
                PlayedDestinations.KIND,
                Map.of("address", "elsewhere.test"),
                "another revision",
                true,
                false,
                false,
                Duration.ofDays(1),
                Map.of()));
    it.rotateFor(PAST_GRACE);

    assertThat(it.destinations.clientAt("elsewhere.test", "crm")).isEqualTo(present().value());
    assertThat(delivery().former()).isEmpty();
    assertThat(retirings()).isEmpty();
  }

  @Test
  void of_versions_that_cannot_be_retired_for_years_the_latest_are_known() throws Exception {
    var known = delivery();
    for (int i = 2; i < 100; i++) {
      known =
          known
              .sending(new ClientKey("key-" + i), "r", true, it.time.now())
              .confirmed(String.valueOf(i), it.time.now());
    }

    assertThat(known.former())
        .extracting(Delivery.Former::version)
        .hasSize(20)
        .startsWith("79")
        .endsWith("98");
  }
}
