package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One flow in which one thing goes wrong.
 *
 * @param index of the operation with which it goes wrong; negative for a clean run
 * @param seed of the order of tasks; 0 lets each task go on as long as it can, and nothing takes
 *     time
 */
record SystematicSchedule(Flow flow, int index, Mishap mishap, long seed) implements Schedule {
  /** How long a lease of the role {@code demo} lives. */
  private static final Duration TTL = Duration.ofHours(1);

  private static final Duration MAX_TTL = Duration.ofHours(4);

  private static final Duration LATENCY = Duration.ofMillis(150);

  @Override
  public String name() {
    return "%s:%d:%s:%d".formatted(flow.name(), index, mishap, seed);
  }

  @Override
  public Outcome run(int eventsKept) throws InterruptedException {
    return run(chaos(), eventsKept);
  }

  /** Returns a clean run, and one for each operation of it and everything that can go wrong. */
  static List<Schedule> all(Flow flow, long seed) throws InterruptedException {
    var clean = new SystematicSchedule(flow, -1, Mishap.NONE, seed);
    var chaos = clean.chaos();
    var _ = clean.run(chaos, 1);
    var all = new ArrayList<Schedule>(List.of(clean));
    for (int i = 0; i < chaos.seen().size(); i++) {
      for (var mishap : Mishap.values()) {
        var operation = chaos.seen().get(i);
        if (mishap.fits(operation.door()) && flow.concerns(operation, mishap)) {
          all.add(new SystematicSchedule(flow, i, mishap, seed));
        }
      }
    }
    return all;
  }

  private SystematicChaos chaos() {
    return new SystematicChaos(index, mishap, seed == 0 ? Duration.ZERO : LATENCY);
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
    var mount = FlowSteps.furnished(world, TTL, MAX_TTL, flow.revocation());
    flow.prepare(world, mount);
    world.undisturbed = mishap == Mishap.NONE;
    chaos.arm();
    flow.run(world, mount);
    world.settle(flow.mostToSettle());
    chaos.disarm();
    world.people.calm();
    world.people.settle();
    Schedule.check(world, world.invariants.checkSettled());
    if (mishap == Mishap.NONE) {
      Schedule.check(world, world.invariants.checkOutlived(mount));
    }
    FlowSteps.end(world, mount, flow.mostToSettle(), MAX_TTL);
  }
}
