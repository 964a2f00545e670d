package dev.genesysvault.simulation;

import dev.genesysvault.simulator.Knob;
import java.time.Duration;
import java.util.Map;

/** Much work at once, and in the middle of it something that must not wait for it. */
final class Floods {
  /** Requests that Genesys allows a minute, so that few callers are a flood. */
  private static final int LIMIT = 12;

  private static final int READS = LIMIT + 4;
  private static final int ROLES = 10;
  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final Duration PERIOD = Duration.ofMinutes(40);

  private final SimulatedWorld world;
  private final SimulatedMount mount;

  Floods(SimulatedWorld world, SimulatedMount mount) {
    this.world = world;
    this.mount = mount;
  }

  /** Has Genesys allow little, and lets the engine notice. */
  void limit() throws InterruptedException {
    limit(LIMIT);
  }

  private void limit(int requests) throws InterruptedException {
    world.organization("a.test").turn(Map.of(Knob.RATE_LIMIT.key(), requests));
    var _ = world.credsWithRetries(mount, "demo");
    world.scheduler.sleep(Duration.ofSeconds(61));
    var _ = world.credsWithRetries(mount, "demo");
  }

  /** Revokes a lease while more credentials are read than Genesys allows. */
  void revokeAmongReads() throws InterruptedException {
    var lease = world.vault.alive().getFirst();
    for (int i = 0; i < READS; i++) {
      world.beside("flood " + i, () -> world.creds(mount, "demo", world.newRequestId()));
    }
    world.scheduler.sleep(Duration.ofSeconds(5));
    world.vault.revoke(lease);
    mustBeDead(lease.clientId, Duration.ofSeconds(3));
  }

  /**
   * Makes a static role, leases, and static roles that are due at the same time, and waits until
   * they nearly are.
   */
  void dueTogether() throws InterruptedException {
    var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
    for (int i = 0; i < ROLES; i++) {
      var _ = world.credsWithRetries(mount, "demo");
    }
    var begun = world.scheduler.now();
    for (int i = 0; i < ROLES; i++) {
      var _ = world.statics.writeStaticRole(mount, "mass-" + i, PERIOD, GRACE);
    }
    world.scheduler.sleep(PERIOD.minusMinutes(2));
    limit(2 * ROLES);
    world.scheduler.sleep(Duration.between(world.scheduler.now(), begun.plus(PERIOD)));
  }

  /** Learns that a client leaked while others are rotated, and others are ended. */
  void emergencyAmongDueRoles() throws InterruptedException {
    for (var lease : world.vault.alive()) {
      world.beside("revoke", () -> world.vault.revoke(lease));
    }
    world.scheduler.sleep(Duration.ofSeconds(12));
    var leaked = world.statics.readers().getFirst().clientId;
    world.beside("emergency", () -> world.statics.rotate(mount, "steady", "emergency", "force"));
    mustBeDead(leaked, Duration.ofSeconds(25));
    // Ten roles of a short period are never all at rest.
    world.statics.restStaticRoles(mount);
  }

  /** Where nothing goes wrong, a client gets no token any more after a while. */
  private void mustBeDead(String clientId, Duration within) throws InterruptedException {
    world.scheduler.sleep(within);
    // What comes after it is not what this is about.
    world.organization("a.test").turn(Map.of(Knob.RATE_LIMIT.key(), 1_000_000));
    var client = world.organization("a.test").clients().get(clientId);
    if (world.undisturbed && client != null && "active".equals(client.get("state"))) {
      world.scheduler.violated(
          "client %s logs in %s after somebody wanted its end".formatted(clientId, within));
    }
  }
}
