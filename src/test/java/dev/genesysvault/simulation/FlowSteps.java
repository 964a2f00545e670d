package dev.genesysvault.simulation;

import java.time.Duration;

/** What several flows do, or what is too long to be said in one. */
final class FlowSteps {
  private FlowSteps() {}

  /** Enables a mount with a role {@code demo}, in an organisation that others use as well. */
  static SimulatedMount furnished(
      SimulatedWorld world, Duration ttl, Duration maxTtl, String revocation)
      throws InterruptedException {
    var mount = world.newMount("genesys/", maxTtl);
    world.vault.enable(mount);
    world.configure(mount, "a.test", revocation);
    world.role(mount, "demo", ttl, maxTtl);
    world.makeForeigners(mount);
    return mount;
  }

  /** Has everything end, and checks that nothing is left. */
  static void end(
      SimulatedWorld world, SimulatedMount mount, Duration mostToSettle, Duration maxTtl)
      throws InterruptedException {
    world.statics.deleteStaticRoles(mount);
    world.settle(mostToSettle);
    world.end(mostToSettle.plus(maxTtl));
    Schedule.check(world, world.invariants.checkEnded());
  }

  /** Hands out a client by a static role that is not rotated by itself, and lets time pass. */
  static void steady(SimulatedWorld world, SimulatedMount mount, Duration then)
      throws InterruptedException {
    var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), Flow.GRACE);
    world.scheduler.sleep(then);
  }

  /** Rotates what {@link #steady} handed out, and mends what holds something else by then. */
  static void rotatedAndResent(SimulatedWorld world, SimulatedMount mount)
      throws InterruptedException {
    var _ = world.statics.rotate(mount, "steady");
    world.scheduler.sleep(Duration.ofMinutes(20));
    world.statics.resend(mount, "steady");
  }

  static void lease(SimulatedWorld world, SimulatedMount mount, int count)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      var _ = world.credsWithRetries(mount, "demo");
    }
  }

  /** Leases, a static role whose former client is in its grace, and one with an adopted client. */
  static void everythingHandedOut(SimulatedWorld world, SimulatedMount mount)
      throws InterruptedException {
    lease(world, mount, 2);
    var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), Flow.GRACE);
    var _ = world.statics.importingRole(mount, "adopted", Duration.ofDays(30), Flow.GRACE);
    world.scheduler.sleep(Duration.ofMinutes(1));
    var _ = world.statics.rotate(mount, "steady");
  }

  static void revokeAll(SimulatedWorld world) throws InterruptedException {
    for (var lease : world.vault.alive()) {
      world.vault.revoke(lease);
    }
  }

  /** Leases clients, and revokes the first of the leases while no sidecar is there. */
  static void revokeWithoutSidecar(
      SimulatedWorld world, SimulatedMount mount, int leases, int revokes)
      throws InterruptedException {
    lease(world, mount, leases);
    world.sidecars.startsAfter(Duration.ofSeconds(30));
    world.sidecars.kill();
    for (var lease : world.vault.alive().subList(0, revokes)) {
      world.vault.revoke(lease);
    }
    world.scheduler.sleep(Duration.ofSeconds(20));
    world.sidecars.startsAfter(Duration.ofMillis(500));
  }

  /** Leases a client, and revokes it with -sync while no sidecar is there. */
  static void revokeOnceWithoutSidecar(SimulatedWorld world, SimulatedMount mount)
      throws InterruptedException {
    lease(world, mount, 1);
    world.sidecars.startsAfter(Duration.ofSeconds(30));
    world.sidecars.kill();
    world.vault.revokeOnlyOnce(world.vault.leases().getFirst());
    world.sidecars.startsAfter(Duration.ofMillis(500));
  }

  /** Leaves the present organisation as soon as that lets the mount go. */
  static void otherOrganization(SimulatedWorld world, SimulatedMount mount)
      throws InterruptedException {
    var _ = world.config(mount, "b.test", "deferred");
    revokeAll(world);
    var _ = world.config(mount, "b.test", "deferred");
    world.scheduler.sleep(Duration.ofMinutes(2));
    var _ = world.config(mount, "b.test", "deferred");
    var _ = world.credsWithRetries(mount, "demo");
  }

  /** The clock of the sidecar's host is ahead, then behind, and it dies each time. */
  static void wrongClock(SimulatedWorld world) throws InterruptedException {
    world.sidecars.setClockWrong(Duration.ofDays(1));
    world.scheduler.sleep(Duration.ofMinutes(3));
    world.sidecars.kill();
    world.scheduler.sleep(Duration.ofMinutes(12));
    world.sidecars.setClockWrong(Duration.ofMinutes(-20));
    world.scheduler.sleep(Duration.ofMinutes(3));
    world.sidecars.kill();
    world.scheduler.sleep(Duration.ofMinutes(12));
    world.sidecars.setClockWrong(Duration.ZERO);
  }
}
