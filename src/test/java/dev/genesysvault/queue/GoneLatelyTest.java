package dev.genesysvault.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GoneLatelyTest {
  private static final ClientKey KEY = new ClientKey("key");
  private static final Duration REMEMBERED =
      Delays.STANDARD.longestRequest().plus(Delays.STANDARD.visibility());

  private final FakeTime time = new FakeTime();
  private final GoneLately gone = new GoneLately(time, new SystemLocks(), Delays.STANDARD);

  @Test
  void remembers_for_as_long_as_genesys_may_hide_a_client() {
    gone.removed(KEY);
    time.advance(REMEMBERED.minusMillis(1));
    assertThat(gone.has(KEY)).isTrue();

    time.advance(Duration.ofMillis(1));
    assertThat(gone.has(KEY)).isFalse();
  }

  @Test
  void forgets_what_returns() {
    gone.removed(KEY);
    gone.returned(KEY);

    assertThat(gone.has(KEY)).isFalse();
  }

  @Test
  void remembers_from_the_last_time_on() {
    gone.removed(KEY);
    time.advance(Duration.ofMinutes(1));
    gone.removed(new ClientKey("between"));
    gone.removed(KEY);
    time.advance(REMEMBERED.minusMillis(1));

    assertThat(gone.has(KEY)).isTrue();
  }

  @Test
  void holds_no_more_than_so_many() {
    for (int i = 0; i < 100_000; i++) {
      gone.removed(new ClientKey("key-" + i));
    }

    for (int i = 0; i < 100_000; i++) {
      assertThat(gone.has(new ClientKey("key-" + i))).isEqualTo(i >= 100_000 - 4_096);
    }
  }
}
