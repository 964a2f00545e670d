package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One flow in which one thing goes wrong.
 *
 * @param index of the operation with which it goes wrong; negative for a clean run
 * @param seed of the order of tasks; 0 lets each task go on as long as it can
 */
record SystematicSchedule(Flow flow, int index, Mishap mishap, long seed) implements Schedule {
  /** How long a lease of the role {@code demo} lives. */
  private static final Duration TTL = Duration.ofHours(1);

  @Override
  public String name() {
    return "%s:%d:%s:%d".formatted(flow, index, mishap, seed);
  }

  @Override
  public Outcome run(int eventsKept) throws InterruptedException {
    return run(new SystematicChaos(index, mishap), eventsKept);
  }

  /** Returns the operations of a clean run, in their order. */
  static List<SystematicChaos.Operation> operations(Flow flow, long seed)
      throws InterruptedException {
    var chaos = new SystematicChaos(-1, Mishap.NONE);
    var outcome = new SystematicSchedule(flow, -1, Mishap.NONE, seed).run(chaos, 200);
    if (outcome.violation().isPresent()) {
      throw new IllegalStateException(
          "a clean run violates " + outcome + "\n" + String.join("\n", outcome.lastEvents()));
    }
    return List.copyOf(chaos.seen());
  }

  private Outcome run(SystematicChaos chaos, int eventsKept) throws InterruptedException {
    return Schedule.run(
        name(),
        eventsKept,
        new SplittableRandom(seed),
        seed == 0 ? 100 : 0,
        chaos,
        world -> live(world, chaos));
  }

  private void live(SimulatedWorld world, SystematicChaos chaos) throws InterruptedException {
    var mount = world.newMount("genesys/", TTL.multipliedBy(4));
    world.vault.enable(mount);
    world.configure(mount, "a.test", flow.revocation());
    world.role(mount, "demo", TTL, TTL.multipliedBy(4));
    world.makeForeigners(mount);
    flow.prepare(world, mount);
    chaos.arm();
    flow.run(world, mount);
    world.settle(flow.mostToSettle());
    chaos.disarm();
    Schedule.check(world, world.invariants.checkSettled());
    world.end(flow.mostToSettle().plus(TTL.multipliedBy(4)));
    Schedule.check(world, world.invariants.checkEnded());
  }
}
