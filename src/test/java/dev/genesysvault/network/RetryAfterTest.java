package dev.genesysvault.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "42, PT42S",
    "' 42 ', PT42S",
    "14400, PT4H",
    "86400, PT24H",
    "86401, PT24H",
    "99999999999999999999999, PT24H",
    "0, PT1S",
    "'Thu, 01 Jan 2026 00:02:00 GMT', PT2M",
    "'Wed, 31 Dec 2025 23:00:00 GMT', PT1S",
    "'Fri, 01 Jan 2027 00:00:00 GMT', PT24H",
    "'', PT1M",
    "-5, PT1M",
    "4.5, PT1M",
    "soon, PT1M",
    "2026-01-01T00:02:00Z, PT1M"
  })
  void reads_seconds_and_dates_and_bounds_them(String header, Duration expected) {
    var head = new Transport.Head(429, Map.of("Retry-After", header));

    assertThat(RetryAfter.of(head, NOW)).isEqualTo(expected);
  }

  @Test
  void takes_a_minute_where_nothing_is_said() {
    assertThat(RetryAfter.of(new Transport.Head(429, Map.of()), NOW))
        .isEqualTo(Duration.ofMinutes(1));
  }
}
