package dev.genesysvault.simulation;

import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The sidecar dies whenever it does one step: reads one record, changes one client at Genesys, or
 * reads the list of all. All else is done meanwhile, and that step as soon as it may be; it dies
 * less and less often.
 */
record PoisonedStep(long seed) implements Schedule {
  /** What its name begins with. */
  static final String NAME = "POISON";

  private static final Duration TTL = Duration.ofHours(4);
  private static final Duration MOST_TO_SETTLE = Duration.ofHours(6);
  private static final Duration POISONED = Duration.ofMinutes(5);
  private static final int ENDED = 3;

  /** With waits of 1, 5, 25 and 125 seconds in between, and some for what is not the poison's. */
  private static final int MOST_DEATHS = 10;

  @Override
  public String name() {
    return NAME + ":" + seed;
  }

  @Override
  public Outcome run(int eventsKept) throws InterruptedException {
    var random = new SplittableRandom(seed);
    var chaos = new SystematicChaos(-1, Mishap.NONE, Duration.ofMillis(20));
    return Schedule.run(
        name(), eventsKept, random.split(), 50, chaos, world -> live(world, random));
  }

  private static void live(SimulatedWorld world, SplittableRandom random)
      throws InterruptedException {
    var mount = FlowSteps.furnished(world, TTL, TTL, "deferred");
    var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), Duration.ofMinutes(12));
    FlowSteps.lease(world, mount, ENDED + 1);
    lose(world, mount);
    world.chaos.genesysDown(true);
    for (var lease : world.vault.alive().subList(0, ENDED)) {
      world.vault.revoke(lease);
    }
    world.scheduler.sleep(Duration.ofSeconds(30));
    var poisoned = poison(world, mount, random);
    world.chaos.genesysDown(false);
    world.sidecars.kill();
    int lives = world.sidecars.lives();
    world.scheduler.sleep(POISONED);
    int deaths = world.sidecars.lives() - lives;
    if (deaths > MOST_DEATHS) {
      world.scheduler.violated("the sidecar dies of one step again and again: " + deaths);
    }
    checkDone(world, mount, poisoned);
    world.chaos.cure();
    world.settle(MOST_TO_SETTLE);
    Schedule.check(world, world.invariants.checkSettled());
    FlowSteps.end(world, mount, MOST_TO_SETTLE, TTL);
  }

  /** Leaves a client that nobody knows of, which is looked for in the list. */
  private static void lose(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
    world.chaos.stage("POST api.a.test/api/v2/oauth/clients", 0, Mishap.SIDECAR_DIES_AFTER);
    var _ = world.creds(mount, "demo", world.newRequestId());
    var _ = world.sidecars.await(null);
  }

  /** Returns the key of the client whose end it may be. */
  private static String poison(
      SimulatedWorld world, SimulatedMount mount, SplittableRandom random) {
    var leaving = leaving(mount);
    var record = leaving.get(random.nextInt(leaving.size()));
    var id = String.valueOf(record.getValue().clientId());
    var key = record.getKey();
    var what =
        List.of(
                "PUT api.a.test/api/v2/oauth/clients/" + id,
                "get clients/" + key,
                "GET api.a.test/api/v2/oauth/clients")
            .get(random.nextInt(3));
    world.chaos.poison(what);
    return key;
  }

  /** Returns the records of those who are known, and to be ended. */
  private static List<Map.Entry<String, ClientRecord>> leaving(SimulatedMount mount) {
    return Invariants.records(mount).entrySet().stream()
        .filter(record -> record.getValue().state() == State.RETIRING)
        .filter(record -> record.getValue().clientId() != null)
        .toList();
  }

  private static void checkDone(SimulatedWorld world, SimulatedMount mount, String poisoned)
      throws InterruptedException {
    var left =
        leaving(mount).stream()
            .map(record -> String.valueOf(record.getKey()))
            .filter(key -> !key.equals(poisoned))
            .toList();
    if (!left.isEmpty()) {
      world.scheduler.violated("what the sidecar dies of keeps these from being ended: " + left);
    }
    var _ = world.sidecars.await(null);
    if (!world.credsWithRetries(mount, "demo")) {
      world.scheduler.violated("what the sidecar dies of keeps it from issuing");
    }
  }
}
