package dev.genesysvault.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class BugLogTest {
  private static final Logger LOG = LoggerFactory.getLogger("dev.genesysvault.test");

  private final FakeTime time = new FakeTime();
  private final BugLog bugs = new BugLog(time);

  @Test
  void a_cause_is_told_once_a_minute_with_how_often_it_was_met() {
    try (var logs = new CapturedLogs()) {
      for (int second = 0; second < 180; second++) {
        tell(new IllegalStateException("number " + second));
        time.advance(Duration.ofSeconds(1));
      }

      assertThat(logs.lines(Level.ERROR)).hasSize(3);
      assertThat(logs.lines(Level.ERROR).get(2)).contains("count=\"60\"").contains("number 120");
    }
  }

  @Test
  void another_cause_is_told_at_once() {
    try (var logs = new CapturedLogs()) {
      var bug = new IllegalStateException();
      tell(bug);
      tell(new NoClassDefFoundError("x"));
      tell(bug);
      bugs.told(LOG, "something else met it", bug, line -> line);

      assertThat(logs.lines(Level.ERROR)).hasSize(3);
    }
  }

  @Test
  void a_thousand_causes_take_the_room_of_a_few() {
    for (int i = 0; i < 1000; i++) {
      assertThat(bugs.count("cause " + i)).hasValue(1);
    }

    // The last ones are remembered, and the first ones begin anew.
    assertThat(bugs.count("cause 999")).isEmpty();
    assertThat(bugs.count("cause " + (1000 - BugLog.MOST_CAUSES))).isEmpty();
    assertThat(bugs.count("cause 0")).hasValue(1);
  }

  private void tell(Throwable bug) {
    bugs.told(LOG, "a test met a bug", bug, line -> line.addKeyValue("key", "a"));
  }
}
