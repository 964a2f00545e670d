package dev.genesysvault.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a mount asks Genesys nothing. */
final class PauseTest {
  private final FakeTime time = new FakeTime();
  private final Pause pause = new Pause(time, new SeededRandomness());

  @Test
  void a_shorter_one_does_not_end_what_genesys_asked_for() {
    pause.begin(Duration.ofHours(1), "its limit is reached");
    pause.begin("it is away");

    assertThat(pause.end()).isEqualTo(FakeTime.START.plus(Duration.ofHours(1)));
    assertThat(pause.reason()).isEqualTo("its limit is reached");
  }

  @Test
  void a_longer_one_takes_its_place() {
    pause.begin(Duration.ofMinutes(1), "its limit is reached");
    pause.begin(Duration.ofHours(1), "its limit is reached again");

    assertThat(pause.end()).isEqualTo(FakeTime.START.plus(Duration.ofHours(1)));
    assertThat(pause.reason()).isEqualTo("its limit is reached again");
  }

  @Test
  void it_lasts_as_long_as_it_was_meant_to_whatever_the_wall_clock_shows() {
    time.setAhead(Duration.ofDays(1));
    pause.begin(Duration.ofMinutes(1), "told to");
    time.setAhead(Duration.ZERO);

    assertThat(pause.lasts()).isTrue();
    assertThat(pause.end()).isEqualTo(FakeTime.START.plusSeconds(60));

    time.advance(Duration.ofMinutes(1));
    assertThat(pause.lasts()).isFalse();
    time.setAhead(Duration.ofDays(-1));
    assertThat(pause.lasts()).isFalse();
  }
}
