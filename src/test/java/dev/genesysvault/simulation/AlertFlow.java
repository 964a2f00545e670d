package dev.genesysvault.simulation;

import dev.genesysvault.alarm.AlarmKind;
import java.time.Duration;

/** What people are told of. */
enum AlertFlow implements Flow {
  /** Genesys is away for some minutes, and people hear of that. */
  TOLD_OUTAGE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.people.listen(mount);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
      world.chaos.genesysDown(true);
      var _ = world.statics.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(4));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.scheduler.sleep(Duration.ofMinutes(3));
      world.chaos.genesysDown(false);
      world.scheduler.sleep(Duration.ofMinutes(5));
      if (world.undisturbed) {
        Schedule.check(world, world.people.checkToldOf(mount, AlarmKind.GENESYS_UNREACHABLE));
      }
    }
  },

  /** Genesys is back after so long that a rotation is overdue, and people are out of reach. */
  TOLD_CONSEQUENCES {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.staticRole(mount, "steady", Duration.ofMinutes(40), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(38));
      world.people.listen(mount);
      world.chaos.genesysDown(true);
      world.scheduler.sleep(Duration.ofMinutes(12));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.people.away(mount, true);
      world.chaos.genesysDown(false);
      world.scheduler.sleep(Duration.ofMinutes(5));
      world.people.away(mount, false);
      world.scheduler.sleep(Duration.ofMinutes(25));
      if (world.undisturbed) {
        Schedule.check(world, world.people.checkToldOf(mount, AlarmKind.GENESYS_UNREACHABLE));
        Schedule.check(world, world.people.checkToldOf(mount, AlarmKind.CONSEQUENCES));
      }
    }
  };

  /**
   * What else is done is what other flows are about; that the sidecar forgets may be told. Of what
   * differs in degree alone, one is enough: each schedule looks at the mount very often.
   */
  @Override
  public boolean concerns(SystematicChaos.Operation operation, Mishap mishap) {
    if (mishap == Mishap.SLOW || mishap == Mishap.PLUGIN_DIES) {
      return false;
    }
    return operation.door() == Mishap.Door.RECEIVER
        || operation.what().contains("alert")
        || (mishap == Mishap.SIDECAR_DIES_AFTER && operation.door() == Mishap.Door.NETWORK);
  }
}
