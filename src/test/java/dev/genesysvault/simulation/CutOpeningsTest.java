package dev.genesysvault.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sidecar whose lives are short gets its work done, and dies of no step at once again. */
@Tag("slow")
final class CutOpeningsTest {
  private static final int ENOUGH = 1_000;

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void a_thousand_openings_are_cut_and_the_work_gets_done() throws Exception {
    Hushed.forever();
    int cuts = 0;
    int schedules = 0;
    for (long seed = 1; cuts < ENOUGH; seed++) {
      var cut = new CutOpenings(seed).cut(200);
      assertThat(cut.outcome().violation()).as(Simulation.told(cut.outcome())).isEmpty();
      cuts += cut.cuts();
      schedules++;
    }
    System.out.printf("%,d openings cut in %d schedules%n", cuts, schedules);
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void a_step_of_which_the_sidecar_dies_keeps_no_other_from_being_done() throws Exception {
    Hushed.forever();
    for (long seed = 1; seed <= 20; seed++) {
      var outcome = new PoisonedStep(seed).run(200);
      assertThat(outcome.violation()).as(Simulation.told(outcome)).isEmpty();
    }
  }
}
