package dev.genesysvault.simulation;

import dev.genesysvault.simulator.Knob;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A schedule in which chance decides everything: who does what when, and what goes wrong. */
record RandomSchedule(long seed) implements Schedule {
  private static final Duration MOST_TO_SETTLE = Duration.ofHours(15);

  /** What was to wait until a time that a wrong clock said waits for that time. */
  private static final Duration MOST_TO_SETTLE_AFTER_JUMPS =
      MOST_TO_SETTLE.plus(Traffic.LONGEST_JUMP);

  /** What a client that is made, or shown, later than its create was asked for comes from. */
  private static final Set<Mishap> UNSEEN =
      Set.of(Mishap.LIST_LAGS, Mishap.SHOWN_LATE, Mishap.LATE_EFFECT, Mishap.VERY_SLOW);

  /** In what Genesys may keep, or show, what it was sent otherwise. */
  private static final List<Knob> KEPT_OTHERWISE =
      List.of(
          Knob.WHITE_SPACE_AT_ENDS,
          Knob.WHITE_SPACE_INSIDE,
          Knob.LETTER_CASE,
          Knob.OUTSIDE_LATIN_1,
          Knob.PAIRS_SHOWN,
          Knob.SHOWN_WITH_SECRET,
          Knob.CORRELATION_ID);

  @Override
  public String name() {
    return Long.toString(seed);
  }

  @Override
  public Outcome run(int eventsKept) throws InterruptedException {
    var random = new SplittableRandom(seed);
    boolean clockJumps = random.nextInt(8) == 0;
    var chaos =
        new RandomChaos(
            random.split(),
            mishaps(random, clockJumps),
            pick(random, 0, 3, 10, 30, 80),
            Duration.ofSeconds(pick(random, 20, 60, 300)),
            random.nextInt(3));
    int stays = pick(random, 0, 0, 50, 90);
    return Schedule.run(
        name(),
        eventsKept,
        random.split(),
        stays,
        chaos,
        world -> live(world, chaos, clockJumps, random));
  }

  /**
   * Each schedule has troubles of its own, so that none hides another. How long a client may stay
   * unseen is told by the wall clock, so that one which jumps has none of them.
   */
  private static List<Mishap> mishaps(SplittableRandom random, boolean clockJumps) {
    var all = new ArrayList<>(Arrays.asList(Mishap.values()));
    all.remove(Mishap.NONE);
    if (clockJumps) {
      all.removeAll(UNSEEN);
    }
    int share = pick(random, 20, 50, 100);
    all.removeIf(_ -> random.nextInt(100) >= share);
    return all;
  }

  private static int pick(SplittableRandom random, int... values) {
    return values[random.nextInt(values.length)];
  }

  private static void live(
      SimulatedWorld world, RandomChaos chaos, boolean clockJumps, SplittableRandom random)
      throws InterruptedException {
    world.vault.replays = pick(random, 0, 50, 100);
    world.vault.registrationFailures = pick(random, 0, 0, 10);
    var mounts = new ArrayList<SimulatedMount>();
    for (int i = 1; i <= pick(random, 1, 1, 1, 2); i++) {
      mounts.add(mounted(world, "genesys-%d/".formatted(i), random));
    }
    for (var mount : mounts) {
      if (clockJumps || random.nextInt(3) == 0) {
        if (random.nextInt(3) == 0) {
          world.elsewhere.use(mount, random.nextBoolean());
        }
        makeStaticRoles(world, mount, clockJumps, random);
      }
    }
    world.organizations().values().forEach(genesys -> genesys.turn(knobs(random, clockJumps)));
    var settleTime = clockJumps ? MOST_TO_SETTLE_AFTER_JUMPS : MOST_TO_SETTLE;
    var traffic = new Traffic(world, mounts, random, clockJumps);
    chaos.arm(world.scheduler::elapsed);
    traffic.run();
    chaos.disarm();
    world.calm();
    for (var mount : mounts) {
      world.statics.restStaticRoles(mount);
    }
    world.settle(settleTime);
    Schedule.check(world, world.invariants.checkSettled());
    if (mounts.stream().anyMatch(RandomSchedule::steady) && random.nextInt(4) == 0) {
      for (var mount : mounts) {
        world.statics.rotateStaticRoles(mount);
      }
      world.settle(settleTime);
      Schedule.check(world, world.invariants.checkSettled());
      for (var mount : mounts) {
        Schedule.check(world, StaticInvariants.checkDefined(mount, world.invariants));
      }
    }
    if (random.nextInt(4) == 0) {
      if (random.nextBoolean()) {
        drain(world, mounts.getFirst(), settleTime);
      }
      world.disable(mounts.getFirst());
      // Meanwhile leases of another mount may have ended.
      world.settle(settleTime);
      Schedule.check(world, world.invariants.checkSettled());
    }
    for (var mount : mounts) {
      if (!mount.disabled) {
        world.statics.deleteStaticRoles(mount);
      }
    }
    world.settle(settleTime);
    world.end(settleTime.plus(Duration.ofHours(6)));
    Schedule.check(world, world.invariants.checkEnded());
  }

  private static void drain(SimulatedWorld world, SimulatedMount mount, Duration settleTime)
      throws InterruptedException {
    world.drains.begin(mount);
    world.settle(settleTime);
    Schedule.check(world, world.drains.check(mount));
    world.drains.await(mount);
  }

  private static boolean steady(SimulatedMount mount) {
    return !mount.staticRoles.isEmpty();
  }

  private static void makeStaticRoles(
      SimulatedWorld world, SimulatedMount mount, boolean clockJumps, SplittableRandom random)
      throws InterruptedException {
    if (random.nextInt(4) == 0) {
      mount.staticFields.put("usage_check", "wait");
      mount.staticFields.put("usage_check_max_wait", 200);
    }
    for (int i = 1; i <= pick(random, 1, 1, 2, 3); i++) {
      var name = "steady-" + i;
      var period = Duration.ofMinutes(pick(random, 30, 60, 600));
      var grace = Duration.ofMinutes(pick(random, 4, 12));
      var _ =
          switch (random.nextInt(4)) {
            case 0 -> world.statics.copyingRole(mount, name, period, grace);
            // To a clock that jumps, its time comes early.
            case 1 ->
                clockJumps || random.nextBoolean()
                    ? world.statics.importingRole(mount, name, period, grace)
                    : world.statics.plannedRole(mount, name, period, grace, soon(world, period));
            default -> world.statics.staticRole(mount, name, period, grace);
          };
    }
  }

  /** A first rotation that comes well before it would by itself, and well after the import. */
  private static Instant soon(SimulatedWorld world, Duration period) {
    return world.scheduler.now().plus(period.dividedBy(2)).truncatedTo(ChronoUnit.SECONDS);
  }

  private static SimulatedMount mounted(SimulatedWorld world, String path, SplittableRandom random)
      throws InterruptedException {
    var mount = world.newMount(path, Duration.ofHours(24));
    world.vault.enable(mount);
    world.configure(mount, "a.test", random.nextInt(5) == 0 ? "strict" : "deferred");
    for (var role : Traffic.ROLES) {
      var ttl = Duration.ofMinutes(pick(random, 2, 10, 60));
      world.role(mount, role, ttl, ttl.multipliedBy(pick(random, 1, 2, 5)));
    }
    world.makeForeigners(mount);
    return mount;
  }

  private static Map<String, Object> knobs(SplittableRandom random, boolean clockJumps) {
    var knobs = new LinkedHashMap<String, Object>();
    knobs.put(Knob.LIST_LAG_SECONDS.key(), pick(random, 0, 0, 20, 120));
    knobs.put(Knob.VISIBILITY_DELAY_SECONDS.key(), pick(random, 0, 0, 5, 60));
    knobs.put(Knob.LIST_KEEPS_DELETED_SECONDS.key(), pick(random, 0, 0, 30, 300));
    knobs.put(Knob.LIST_PAGE_SIZE.key(), pick(random, 0, 0, 0, 4));
    knobs.put(Knob.DELETED_VISIBLE_SECONDS.key(), pick(random, 0, 0, 30, 300));
    knobs.put(Knob.DELETE_STATUS.key(), pick(random, 204, 200, 202));
    for (var knob : KEPT_OTHERWISE) {
      var values = knob.allowed();
      knobs.put(knob.key(), values.get(random.nextInt(3) > 0 ? 0 : random.nextInt(values.size())));
    }
    knobs.put(Knob.DELETE_OLD_CLIENT.key(), random.nextInt(3) > 0 ? "ok" : "409");
    knobs.put(Knob.OLD_CLIENT_SECONDS.key(), 600);
    knobs.put(Knob.INACTIVE_BEFORE_DELETION_SECONDS.key(), 5_400);
    knobs.put(Knob.RATE_LIMIT.key(), pick(random, 1_000_000, 1_000_000, 15, 60));
    knobs.put(Knob.LOGIN_LIMIT.key(), pick(random, 1_000_000, 1_000_000, 3));
    if (clockJumps) {
      knobs.put(Knob.LIST_LAG_SECONDS.key(), 0);
      knobs.put(Knob.VISIBILITY_DELAY_SECONDS.key(), 0);
    }
    return knobs;
  }
}
