package dev.genesysvault.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.logging.LineLimit.Due;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes again and again is told once, and then ever more rarely, with a count. */
final class LineLimitTest {
  private static final LogCause AWAY = LogCause.at("away");

  private final FakeTime time = new FakeTime();
  private final LineLimit<String> limit = new LineLimit<>(time);
  private final List<Due<String>> written = new ArrayList<>();

  private void say(LogCause cause, String line) {
    written.addAll(limit.due());
    limit.meet(cause, "", line).ifPresent(written::add);
  }

  private void pass(Duration by) {
    time.advance(by);
    written.addAll(limit.due());
  }

  @Test
  void the_first_line_of_a_cause_is_written_at_once() {
    say(AWAY, "one");
    say(LogCause.at("refused"), "another");

    assertThat(written).containsExactly(new Due<>("one"), new Due<>("another"));
  }

  @Test
  void the_last_of_those_that_follow_is_written_after_a_minute_with_how_many_they_were() {
    say(AWAY, "one");
    say(AWAY, "two");
    say(AWAY, "three");
    pass(Duration.ofSeconds(59));
    assertThat(written).hasSize(1);

    pass(Duration.ofSeconds(1));

    assertThat(written).containsExactly(new Due<>("one"), new Due<>("three", 2, ""));
  }

  @Test
  void a_cause_of_which_nothing_more_came_is_new_when_it_comes_again() {
    say(AWAY, "one");
    pass(Duration.ofMinutes(1));

    say(AWAY, "two");

    assertThat(written).containsExactly(new Due<>("one"), new Due<>("two"));
  }

  @Test
  void a_cause_that_goes_on_for_an_hour_is_told_less_than_twenty_times_and_counted_whole() {
    for (int i = 0; i < 3_600; i++) {
      say(AWAY, "line " + i);
      pass(Duration.ofSeconds(1));
    }
    written.addAll(limit.rest());

    assertThat(written).hasSizeBetween(10, 20);
    assertThat(written.stream().mapToLong(Due::count).sum()).isEqualTo(3_600);
    assertThat(written.getLast().line()).isEqualTo("line 3599");
  }

  @Test
  void what_differs_in_numbers_alone_is_the_same() {
    for (int i = 0; i < 100; i++) {
      say(AWAY.met(List.of("no connection within %d ms".formatted(i))), "line");
    }

    assertThat(written).hasSize(1);
  }

  @Test
  void one_place_that_meets_ever_something_else_is_told_of_a_few_times() {
    for (char c = 'a'; c <= 'z'; c++) {
      say(AWAY.met(List.of("met " + c)), "line");
    }
    say(LogCause.at("elsewhere"), "line");

    assertThat(written).hasSize(LineLimit.MOST_AT_ONE_PLACE + 1 + 1);
  }

  @Test
  void causes_without_number_are_told_as_one() {
    for (int i = 0; i < 10_000; i++) {
      say(LogCause.at("cause", i), "line " + i);
    }
    written.addAll(limit.rest());

    assertThat(written).hasSize(LineLimit.MOST_CAUSES + 2);
    assertThat(written.stream().mapToLong(Due::count).sum()).isEqualTo(10_000);
  }

  @Test
  void the_line_that_stands_for_others_names_ten_of_whom_they_tell_and_counts_the_rest() {
    for (int i = 0; i < 20; i++) {
      var _ = limit.meet(AWAY, "role-%02d".formatted(i), "line");
      var _ = limit.meet(AWAY, "role-%02d".formatted(i), "again");
    }
    pass(Duration.ofMinutes(1));

    assertThat(written).hasSize(1);
    assertThat(written.getFirst().about())
        .startsWith("[role-00, role-01, ")
        .contains("role-09]")
        .endsWith(" and 10 more");
  }

  @Test
  void nobody_is_named_twice_in_lines_that_follow_one_another() {
    var _ = limit.meet(AWAY, "a", "line");
    var _ = limit.meet(AWAY, "b", "line");
    var _ = limit.meet(AWAY, "c", "line");
    pass(Duration.ofMinutes(1));
    var _ = limit.meet(AWAY, "d", "line");
    pass(Duration.ofMinutes(5));

    assertThat(written.stream().map(Due::about)).containsExactly("[b, c]", "");
  }

  @Test
  void more_subjects_than_are_told_apart_are_at_least_so_many() {
    for (int i = 0; i < Subjects.MOST * 2; i++) {
      var _ = limit.meet(AWAY, "role-" + i, "line");
    }
    pass(Duration.ofMinutes(1));

    assertThat(written.getFirst().about()).endsWith("role-10] and at least 990 more");
  }
}
