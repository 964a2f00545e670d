package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * For an hour, no life of the sidecar lasts longer than some operations: what was to be done when
 * it began is done when it ends.
 */
record CutOpenings(long seed) implements Schedule {
  /** What its name begins with. */
  static final String NAME = "OPENINGS";

  private static final Duration TTL = Duration.ofHours(4);
  private static final Duration MOST_TO_SETTLE = Duration.ofHours(15);
  private static final int LEASES = 12;
  private static final int ENDED = 9;

  @Override
  public String name() {
    return NAME + ":" + seed;
  }

  /**
   * What came of one.
   *
   * @param cuts lives that ended
   */
  record Cut(Outcome outcome, int cuts) {}

  @Override
  public Outcome run(int eventsKept) throws InterruptedException {
    return cut(eventsKept).outcome();
  }

  /** Runs it, and counts. */
  Cut cut(int eventsKept) throws InterruptedException {
    var random = new SplittableRandom(seed);
    var chaos = new CuttingChaos(random.split());
    var outcome =
        Schedule.run(
            name(), eventsKept, random.split(), 50, chaos, world -> live(world, chaos, random));
    return new Cut(outcome, chaos.cuts());
  }

  private static void live(SimulatedWorld world, CuttingChaos chaos, SplittableRandom random)
      throws InterruptedException {
    var mount = FlowSteps.furnished(world, TTL, TTL, "deferred");
    var _ =
        world.statics.staticRole(mount, "steady", Duration.ofMinutes(30), Duration.ofMinutes(4));
    FlowSteps.lease(world, mount, LEASES);
    endSome(world, random);
    var leaving = new TreeSet<>(Set.copyOf(mount.storage.keys("journal/")));
    chaos.arm(true);
    world.scheduler.sleep(Duration.ofHours(1));
    chaos.arm(false);
    leaving.retainAll(mount.storage.keys("journal/"));
    if (!leaving.isEmpty()) {
      world.scheduler.violated("these were not taken over in an hour of short lives: " + leaving);
    }
    world.calm();
    world.statics.restStaticRoles(mount);
    world.settle(MOST_TO_SETTLE);
    Schedule.check(world, world.invariants.checkSettled());
    FlowSteps.end(world, mount, MOST_TO_SETTLE, TTL);
  }

  /** Some are revoked while Genesys is away, some while the sidecar is. */
  private static void endSome(SimulatedWorld world, SplittableRandom random)
      throws InterruptedException {
    int away = 1 + random.nextInt(ENDED - 1);
    world.chaos.genesysDown(true);
    for (var lease : world.vault.alive().subList(0, away)) {
      world.vault.revoke(lease);
    }
    world.scheduler.sleep(Duration.ofSeconds(30));
    world.chaos.genesysDown(false);
    world.sidecars.startsAfter(Duration.ofSeconds(30));
    world.sidecars.kill();
    for (var lease : world.vault.alive().subList(0, ENDED - away)) {
      world.vault.revoke(lease);
    }
    world.scheduler.sleep(Duration.ofSeconds(20));
    world.sidecars.startsAfter(Duration.ofMillis(500));
  }
}
