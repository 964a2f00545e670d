package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.genesys.GenesysConnector;
import dev.genesysvault.logging.LoggedLines;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InlineTasks;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an outage of Genesys costs the log. */
final class DeadGenesysLogTest {
  private static final int ROLES = 100;

  private final RotationHarness it = new RotationHarness();
  private int tries;

  DeadGenesysLogTest() throws InterruptedException {
    it.asked =
        new GenesysConnector(
                (_, _) -> {
                  tries++;
                  it.time.advance(Duration.ofMillis(200));
                  throw new Transport.FailedException("no connection " + tries, false);
                },
                it.time,
                new InlineTasks(),
                it.locks,
                new MemoryBudget(64 << 20, it.time, it.locks),
                0.9,
                "test")
            .connect(
                new Endpoint(URI.create("https://api.test"), URI.create("https://login.test")),
                new Credential(new ClientId("own"), Secret.of("own secret")));
  }

  @Test
  void three_hours_with_a_hundred_roles_cost_few_lines_and_each_says_how_many_it_stands_for()
      throws Exception {
    for (int i = 0; i < ROLES; i++) {
      it.defined("role-" + i);
    }
    try (var logs = new CapturedLogs();
        var lines = new LoggedLines(it.time)) {
      it.rotateFor(Duration.ofHours(3));

      System.out.printf(
          "three hours of a dead Genesys, %d roles: %d tries, %d events logged, %d lines written%n",
          ROLES,
          tries,
          logs.lines(Level.WARN).size() + logs.lines(Level.ERROR).size(),
          lines.written().size());
      lines.written().forEach(System.out::print);
      assertThat(tries).isGreaterThan(100);
      assertThat(logs.lines(Level.ERROR)).as("overdue roles").hasSize(ROLES);
      assertThat(lines.written()).hasSizeBetween(1, 100);
      assertThat(lines.written()).anyMatch(line -> line.contains("count=\"99\""));
      assertThat(lines.written())
          .as("who is overdue")
          .anyMatch(line ->
              line.contains("is overdue")
                  && line.contains("static_roles=\"[role-")
                  && line.contains("] and 89 more\""));
      assertThat(it.time.now()).isAfter(FakeTime.START.plus(Duration.ofHours(2)));
    }
  }
}
