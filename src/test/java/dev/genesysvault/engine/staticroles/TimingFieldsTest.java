package dev.genesysvault.engine.staticroles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows from another time follows it; what somebody wrote stays, or is refused. */
final class TimingFieldsTest {
  private static final int MONTH = 2_592_000;

  private static RotationTiming written(Optional<RotationTiming> before, Object... fields) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return new TimingFields(new Fields(map, Map.of()), before, false, FakeTime.START).merged();
  }

  private static RotationTiming then(RotationTiming before, Object... fields) {
    return written(Optional.of(before), fields);
  }

  @Test
  void a_grace_that_was_written_stays_although_it_is_the_usual_one() {
    var monthly = written(Optional.empty(), "rotation_period", MONTH, "grace_period", 3_600);

    assertThat(then(monthly, "rotation_period", 14_400).grace()).isEqualTo(Duration.ofHours(1));
    assertThatThrownBy(() -> then(monthly, "rotation_period", 3_600))
        .hasMessageContaining("grace_period is 3600 seconds (written before; write it as well)");
  }

  @Test
  void a_grace_that_was_left_out_follows_the_period() {
    var monthly = written(Optional.empty(), "rotation_period", MONTH);

    assertThat(then(monthly, "rotation_period", 3_600).grace()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void what_was_written_stays_where_a_schedule_takes_the_place_of_a_period_and_back() {
    var periodic =
        written(Optional.empty(), "rotation_period", MONTH, "grace_period", 600, "stagger", 300);

    var scheduled = then(periodic, "rotation_schedule", "0 3 * * 0");
    var again = then(scheduled, "rotation_period", MONTH);

    assertThat(scheduled.grace()).isEqualTo(Duration.ofMinutes(10));
    assertThat(scheduled.stagger()).isEqualTo(Duration.ofMinutes(5));
    assertThat(again.grace()).isEqualTo(Duration.ofMinutes(10));
    assertThat(again.stagger()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void of_a_timing_that_does_not_say_what_was_written_that_is_whatever_is_not_usual() {
    var old =
        new RotationTiming(
            Duration.ofSeconds(MONTH),
            "",
            Duration.ZERO,
            Duration.ofMinutes(10),
            Duration.ofSeconds(MONTH / 10),
            Duration.ZERO);

    var shorter = then(old, "rotation_period", 7_200);

    assertThat(shorter.grace()).isEqualTo(Duration.ofMinutes(10));
    assertThat(shorter.stagger()).isEqualTo(Duration.ofMinutes(12));
    assertThat(shorter.chosen()).containsExactly("grace_period");
  }
}
