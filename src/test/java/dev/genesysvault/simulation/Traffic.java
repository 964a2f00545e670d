package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What users, operators and accidents do in a random schedule. */
final class Traffic {
  static final List<String> ROLES = List.of("one", "two");

  private static final List<String> DOMAINS = List.of("a.test", SimulatedWorld.ELSEWHERE, "b.test");

  /** Longer than every period of a static role in a random schedule. */
  static final Duration LONGEST_JUMP = Duration.ofHours(12);

  private final SimulatedWorld world;
  private final List<SimulatedMount> mounts;
  private final SplittableRandom random;
  private final boolean clockJumps;
  private final List<SimulatedTask> awaitingEnd = new ArrayList<>();
  private int running;

  /**
   * Makes one.
   *
   * @param clockJumps whether the clock of the sidecar's host jumps by hours. Nobody leases a
   *     client then: its deadline is the wall clock's. Nor is a grace made shorter: what earlier
   *     readers were told is stored as the wall clock's time.
   */
  Traffic(
      SimulatedWorld world,
      List<SimulatedMount> mounts,
      SplittableRandom random,
      boolean clockJumps) {
    this.world = world;
    this.mounts = mounts;
    this.random = random;
    this.clockJumps = clockJumps;
  }

  /** Something that takes its time. */
  @FunctionalInterface
  private interface Work {
    void run(SplittableRandom own) throws InterruptedException;
  }

  /** Lets all of it happen, and returns when it is over. */
  void run() throws InterruptedException {
    int users = 1 + random.nextInt(4);
    for (int i = 1; i <= users; i++) {
      start("user-" + i, this::use);
    }
    if (random.nextInt(3) > 0) {
      start("accidents", this::haveAccidents);
    }
    if (random.nextInt(4) == 0) {
      start("operator", this::operate);
    }
    if (clockJumps) {
      start("clock", this::jump);
    }
    awaitEnd();
  }

  private void start(String name, Work work) {
    var own = random.split();
    running++;
    var _ =
        world
            .outside()
            .start(
                name,
                () -> {
                  try {
                    work.run(own);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts " + name, e);
                  } finally {
                    running--;
                    awaitingEnd.forEach(world.scheduler::wake);
                  }
                });
  }

  private void awaitEnd() throws InterruptedException {
    var me = world.scheduler.me();
    awaitingEnd.add(me);
    while (running > 0) {
      world.scheduler.block("the end of the traffic", null, true);
    }
    awaitingEnd.remove(me);
  }

  private void use(SplittableRandom own) throws InterruptedException {
    int actions = 1 + own.nextInt(6);
    for (int i = 0; i < actions; i++) {
      var mount = mounts.get(own.nextInt(mounts.size()));
      switch (clockJumps ? 8 : own.nextInt(10)) {
        case 0, 1, 2 -> {
          var _ = world.credsWithRetries(mount, role(own));
        }
        case 3 -> replay(mount, own);
        case 4 -> renew(own);
        case 5 -> revoke(own);
        case 6 -> revokeAllOf(role(own));
        case 8, 9 -> changeStaticRole(mount, own);
        default -> pause(own, Duration.ofMinutes(20));
      }
      pause(own, Duration.ofMinutes(own.nextInt(4) == 0 ? 10 : 1));
    }
  }

  /** The same request twice, where no answer to the first came through. */
  private void replay(SimulatedMount mount, SplittableRandom own) throws InterruptedException {
    var id = world.newRequestId();
    var role = role(own);
    var answer = world.creds(mount, role, id);
    boolean lost = answer.isEmpty() || answer.get() instanceof Answer.Unanswered;
    if (lost) {
      pause(own, Duration.ofSeconds(own.nextInt(2) == 0 ? 1 : 40));
      var _ = world.creds(mount, role, id);
    }
  }

  private void changeStaticRole(SimulatedMount mount, SplittableRandom own)
      throws InterruptedException {
    var roles = List.copyOf(mount.staticRoles);
    if (roles.isEmpty()) {
      pause(own, Duration.ofMinutes(20));
      return;
    }
    var role = roles.get(own.nextInt(roles.size()));
    var period = Duration.ofMinutes(30 + own.nextInt(60));
    var grace = Duration.ofMinutes(clockJumps ? 13 : 2 + own.nextInt(12));
    if (mount.storage.keys("static-roles/" + role).isEmpty()) {
      world.statics.makeStaticRoleAnew(mount, role, period, grace);
      return;
    }
    var _ =
        switch (own.nextInt(10)) {
          case 0, 1 -> world.statics.rotate(mount, role);
          case 2 -> world.statics.rotateOnce(mount, role, "token-" + own.nextInt(3));
          case 3 -> world.statics.rotate(mount, role, "force");
          case 4 -> world.statics.rotate(mount, role, "emergency");
          case 5 -> world.statics.rotate(mount, role, "emergency", "allow_outage");
          case 6 -> {
            world.statics.readersOf(mount, role).forEach(Reader::end);
            yield world.statics.deleteStaticRole(mount, role);
          }
          default -> world.statics.writeStaticRole(mount, role, period, grace, edits(own));
        };
  }

  /** Returns what an edit changes beside period and grace. */
  private static Map<String, Object> edits(SplittableRandom own) {
    var edits = new LinkedHashMap<String, Object>();
    if (own.nextInt(3) == 0) {
      edits.put("role_divisions", List.of(SimulatedWorld.HELD_PAIR, SimulatedWorld.SECOND_PAIR));
    }
    if (own.nextInt(3) == 0) {
      edits.put("rotation_schedule", own.nextBoolean() ? "*/30 * * * *" : "17 * * * *");
    }
    switch (own.nextInt(6)) {
      case 0 -> {
        edits.put("usage_check", "off");
        edits.put("usage_check_max_wait", 0);
      }
      case 1 -> {
        edits.put("usage_check", "warn");
        edits.put("usage_check_max_wait", 0);
      }
      case 2 -> {
        edits.put("usage_check", "wait");
        edits.put("usage_check_max_wait", 200);
      }
      default -> {
        // As it was.
      }
    }
    return edits;
  }

  private void renew(SplittableRandom own) throws InterruptedException {
    var alive = world.vault.alive();
    if (!alive.isEmpty()) {
      var increment = own.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(own.nextInt(120));
      var _ = world.vault.renew(alive.get(own.nextInt(alive.size())), increment);
    }
  }

  private void revoke(SplittableRandom own) throws InterruptedException {
    var alive = world.vault.alive();
    if (!alive.isEmpty()) {
      world.vault.revoke(alive.get(own.nextInt(alive.size())));
    }
  }

  private void revokeAllOf(String role) throws InterruptedException {
    for (var lease : world.vault.alive()) {
      if (lease.role.equals(role)) {
        world.vault.revoke(lease);
      }
    }
  }

  private void haveAccidents(SplittableRandom own) throws InterruptedException {
    int accidents = 1 + own.nextInt(4);
    for (int i = 0; i < accidents; i++) {
      pause(own, Duration.ofMinutes(15));
      switch (own.nextInt(8)) {
        case 7 -> {
          var name = Elsewhere.NAMES.get(own.nextInt(2));
          world.elsewhere.seal(name, true);
          pause(own, Duration.ofMinutes(own.nextBoolean() ? 2 : 40));
          world.elsewhere.seal(name, false);
        }
        case 0 -> world.sidecars.kill();
        case 1 -> {
          world.sidecars.startsAfter(Duration.ofMinutes(1 + own.nextInt(40)));
          world.sidecars.kill();
          world.sidecars.startsAfter(Duration.ofMillis(500));
        }
        case 2 -> world.vault.killPlugin();
        case 3 -> world.vault.killVault();
        case 4 -> world.sidecars.setClockWrong(Duration.ofSeconds(own.nextInt(-180, 181)));
        default -> {
          world.chaos.genesysDown(true);
          pause(own, Duration.ofMinutes(own.nextBoolean() ? 2 : 40));
          world.chaos.genesysDown(false);
        }
      }
    }
  }

  /** Ahead for so long that roles are due early, then right again. */
  private void jump(SplittableRandom own) throws InterruptedException {
    int jumps = 1 + own.nextInt(3);
    for (int i = 0; i < jumps; i++) {
      pause(own, Duration.ofMinutes(20));
      world.sidecars.setClockWrong(Duration.ofMinutes(own.nextLong(30, LONGEST_JUMP.toMinutes())));
      pause(own, Duration.ofMinutes(own.nextBoolean() ? 1 : 30));
      world.sidecars.setClockWrong(Duration.ZERO);
    }
  }

  private void operate(SplittableRandom own) throws InterruptedException {
    int actions = 1 + own.nextInt(3);
    for (int i = 0; i < actions; i++) {
      pause(own, Duration.ofMinutes(15));
      var mount = mounts.get(own.nextInt(mounts.size()));
      if (own.nextInt(4) == 0) {
        var _ = world.drains.beginOnce(mount);
        pause(own, Duration.ofMinutes(own.nextBoolean() ? 1 : 15));
        world.drains.callOff(mount);
        continue;
      }
      var revocation = own.nextBoolean() ? "strict" : "deferred";
      var _ = world.config(mount, DOMAINS.get(own.nextInt(DOMAINS.size())), revocation);
    }
  }

  private static String role(SplittableRandom own) {
    return ROLES.get(own.nextInt(ROLES.size()));
  }

  private void pause(SplittableRandom own, Duration atMost) throws InterruptedException {
    world.scheduler.sleep(Duration.ofMillis(own.nextLong(atMost.toMillis() + 1)));
  }
}
