package dev.genesysvault.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.work.Holds.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What held work up for longest, whatever was met last. */
final class HoldsTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Holds holds = new Holds();

  private static Instant at(int minute) {
    return BEGIN.plus(MINUTE.multipliedBy(minute));
  }

  private Optional<Hold> longest(int from, int to) {
    return holds.longest(at(from), at(to));
  }

  private static Optional<Hold> hold(int minutes, String why) {
    return Optional.of(new Hold(MINUTE.multipliedBy(minutes), why));
  }

  @Test
  void what_lasted_longest_is_told_and_not_what_was_met_last() {
    holds.met("away", at(0));
    holds.met("away", at(30));
    holds.met("not yet", at(60));
    holds.over(at(61));

    assertThat(longest(0, 100)).isEqualTo(hold(60, "away"));
  }

  @Test
  void no_more_counts_than_what_was_within_the_time() {
    holds.met("away", at(0));
    holds.over(at(60));
    holds.met("limit", at(70));

    assertThat(longest(50, 90)).isEqualTo(hold(20, "limit"));
    assertThat(longest(61, 69)).isEmpty();
    assertThat(longest(50, 65)).isEqualTo(hold(10, "away"));
  }

  @Test
  void one_try_that_works_in_between_ends_no_outage() {
    holds.met("away", at(0));
    holds.over(at(30));
    holds.met("away", at(31));
    holds.over(at(60));

    assertThat(longest(0, 100)).isEqualTo(hold(60, "away"));
  }

  @Test
  void of_many_the_longest_are_remembered() {
    holds.met("long", at(0));
    holds.over(at(100));
    for (int i = 0; i < 1_000; i++) {
      holds.met("short %d".formatted(i), at(200 + 10 * i));
      holds.over(at(201 + 10 * i));
    }

    assertThat(longest(0, 20_000)).isEqualTo(hold(100, "long"));
  }

  @Test
  void nothing_that_was_met_is_nothing() {
    holds.over(at(1));

    assertThat(longest(0, 10)).isEmpty();
    assertThat(Holds.longer(Optional.empty(), hold(1, "a"))).isEqualTo(hold(1, "a"));
    assertThat(Holds.longer(hold(2, "b"), hold(1, "a"))).isEqualTo(hold(2, "b"));
    assertThat(Holds.longer(hold(2, "b"), Optional.empty())).isEqualTo(hold(2, "b"));
  }
}
