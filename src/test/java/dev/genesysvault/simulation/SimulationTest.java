package dev.genesysvault.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever dies and whenever, every client has an owner, and every dead lease's client is gone. The
 * quick ring takes a share of the schedules.
 */
@Tag("simulation")
final class SimulationTest {
  @Test
  @Timeout(value = 1, unit = TimeUnit.DAYS)
  void nothing_is_lost_in_any_schedule() throws Exception {
    var report = SimulationMain.run();

    System.out.println(report.text());
    assertThat(report.violations()).as(report.text()).isEmpty();
  }

  @Test
  void one_seed_is_one_schedule() throws Exception {
    Hushed.forever();
    for (var name : new String[] {"1", "2", "3", "REVOKE:3:SIDECAR_DIES_AFTER:7"}) {
      var schedule = Schedule.named(name);

      assertThat(schedule.run(1).hash()).as(name).isEqualTo(schedule.run(1).hash());
    }
  }
}
