package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.rotation.RoleSnapshot.Attempt;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedDestinations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever is told that destinations are behind is told which, and why. */
final class BehindTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String KV = "kv.test";
  private final RotationHarness it;

  /** What was known to be wrong, each time that something was reported. */
  private final List<RoleTrouble> seen = new ArrayList<>();

  BehindTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @BeforeEach
  void defined() throws Exception {
    it.mount
        .destinations()
        .entry("kv")
        .put(
            new DestinationConfig(
                PlayedDestinations.KIND,
                Map.of("address", KV),
                "revision",
                true,
                false,
                false,
                Duration.ofDays(1),
                Map.of()));
    it.entries =
        List.of(
            new DestinationEntry("kv", "apps/crm", Map.of(), Map.of()),
            new DestinationEntry("kv", "apps/old", Map.of(), Map.of()));
    it.defined("crm").rotateFor(MINUTE);
    it.bus =
        (type, metadata) -> {
          it.events.send(type, metadata);
          seen.addAll(it.queue.troubles().orElse(List.of()));
        };
  }

  private String told(RoleTrouble trouble) {
    return Objects.requireNonNull(trouble.behind())
        .text(it.credentials.destinations()::whyLeftAlone);
  }

  private static RoleSummary summary(List<String> behind, List<String> drifted) {
    var unknown = RoleSummary.UNKNOWN;
    return new RoleSummary(
        unknown.phase(),
        "",
        "",
        "",
        null,
        null,
        null,
        List.of(),
        List.of(),
        behind,
        FakeTime.START,
        drifted,
        unknown.watch(),
        List.of());
  }

  private static Attempt failed(String error) {
    return new Attempt(3, error, FakeTime.START);
  }

  @Test
  void an_emergency_names_all_who_hold_the_dead_client_and_what_is_in_the_way_of_the_first()
      throws Exception {
    it.destinations.fail(KV, Extent.ENTRY, "kv.test: permission denied");
    var _ = it.ask("crm", false, true, false);

    it.liveFor(MINUTE);

    assertThat(told(seen.getLast()))
        .isEqualTo("[kv/apps/crm, kv/apps/old]; kv/apps/crm: kv.test: permission denied");
  }

  @Test
  void a_destination_that_another_entry_met_says_why_it_is_left_alone() throws Exception {
    it.destinations.fail(KV, Extent.DESTINATION, "kv.test is sealed");
    var _ = it.ask("crm", false, true, false);
    it.liveFor(MINUTE);

    var untried = Behind.of(FakeTime.START, summary(List.of("kv/other"), List.of()), Map.of());

    assertThat(untried.text(it.credentials.destinations()::whyLeftAlone))
        .isEqualTo("[kv/other]; kv: kv.test is sealed");
    assertThat(it.credentials.destinations().whyLeftAlone("unheard of")).isEmpty();
  }

  @Test
  void what_is_up_to_date_or_overwritten_is_not_among_them() {
    var some = summary(List.of("kv/a", "kv/b"), List.of("kv/b"));

    assertThat(Behind.of(FakeTime.START, some, Map.of("kv/b", failed("not this"))).text(_ -> ""))
        .isEqualTo("[kv/a]");
  }

  @Test
  void an_error_has_room_beside_however_many_entries() {
    var places = IntStream.range(0, 20).mapToObj(i -> "kv/" + "x".repeat(400) + i).toList();

    assertThat(
            Behind.of(
                    FakeTime.START,
                    summary(places, List.of()),
                    Map.of(places.get(1), failed("permission denied")))
                .text(_ -> ""))
        .hasSizeLessThan(350)
        .endsWith("permission denied");
  }
}
