package dev.genesysvault.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

final class FirstRotationsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00.5Z");
  private static final Duration PERIOD = Duration.ofDays(60);

  @Test
  void are_spread_evenly_over_the_whole_period() {
    var perDay = new int[60];
    var seen = new HashSet<Instant>();
    for (int i = 0; i < 600; i++) {
      var at = new FirstRotations(600).at(i, PERIOD, NOW);
      perDay[(int) Duration.between(NOW.minusSeconds(1), at).toDays()]++;
      seen.add(at);
    }

    assertThat(perDay).containsOnly(10);
    assertThat(seen).hasSize(600);
  }

  @Test
  void lie_between_now_and_one_period_from_now() {
    for (int clients : new int[] {1, 2, 500, 10_000}) {
      var rotations = new FirstRotations(clients);
      assertThat(rotations.at(0, PERIOD, NOW)).isAfter(NOW);
      assertThat(rotations.at(clients - 1, PERIOD, NOW)).isBefore(NOW.plus(PERIOD));
    }
  }

  @Test
  void of_the_longest_period_are_reckoned_as_well() {
    var period = Duration.ofDays(3_650);

    assertThat(new FirstRotations(10_000).at(9_999, period, NOW))
        .isBetween(NOW.plus(period).minus(Duration.ofHours(12)), NOW.plus(period));
  }

  @Test
  void the_same_client_has_the_same_share_in_a_later_run() {
    var later = NOW.plus(Duration.ofHours(7));

    assertThat(new FirstRotations(500).at(321, PERIOD, later))
        .isEqualTo(new FirstRotations(500).at(321, PERIOD, NOW).plus(Duration.ofHours(7)));
  }
}
