package dev.genesysvault.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.simulation.SystematicChaos.Operation;
import dev.genesysvault.storage.MountStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a mount costs that has much and nothing to do, counted at every door to the outside. */
final class IdleTest {
  private static final int ENTRIES = 10_000;
  private static final Duration TTL = Duration.ofHours(10);

  private final SystematicChaos doors = new SystematicChaos(-1, Mishap.NONE, Duration.ZERO);
  private final List<Operation> opening = new ArrayList<>();
  private final List<Operation> idle = new ArrayList<>();

  @Test
  void ten_thousand_static_roles_and_leases_cost_one_read_each_and_then_nothing() throws Exception {
    Hushed.forever();
    var outcome = Schedule.run("idle", 1, new SplittableRandom(0), 100, doors, this::live);

    assertThat(outcome.violation()).isEmpty();
    assertThat(opening)
        .filteredOn(operation -> operation.what().startsWith("get clients/"))
        .hasSize(ENTRIES);
    assertThat(opening)
        .filteredOn(operation -> operation.what().startsWith("get static-creds/"))
        .hasSize(ENTRIES);
    assertThat(opening)
        .extracting(Operation::what)
        .filteredOn(what -> !what.startsWith("get clients/"))
        .filteredOn(what -> !what.startsWith("get static-creds/"))
        // Clients and static roles are loaded side by side, and each load asks for a drain first.
        .containsExactlyInAnyOrder(
            "get drain", "get drain", "list clients/", "list static-creds/", "list journal/");
    assertThat(idle).isEmpty();
  }

  private void live(SimulatedWorld world) throws InterruptedException {
    var mount = world.newMount("genesys/", TTL);
    world.vault.enable(mount);
    world.configure(mount, "a.test", "deferred");
    world.role(mount, "demo", TTL, TTL);
    var _ = world.credsWithRetries(mount, "demo");
    var _ =
        world.statics.writeStaticRole(mount, "steady", Duration.ofDays(30), Duration.ofHours(1));
    world.settle(Duration.ofHours(1));
    multiply(mount);

    doors.arm();
    world.sidecars.kill();
    world.scheduler.sleep(Duration.ofMinutes(1));
    opening.addAll(doors.seen());
    world.scheduler.sleep(Duration.ofMinutes(30));
    idle.addAll(doors.seen().subList(opening.size(), doors.seen().size()));
    doors.disarm();
  }

  /** Puts what there is of one static role and one lease under many names. */
  private static void multiply(SimulatedMount mount) throws InterruptedException {
    var storage = new MountStorage(mount.storage.bare());
    var record = storage.clients().entry(storage.clients().names().getFirst()).get().orElseThrow();
    var role = storage.staticRoles().entry("steady").get().orElseThrow();
    var credential = storage.staticCredentials().entry("steady").get().orElseThrow();
    for (int i = 1; i < ENTRIES; i++) {
      storage.clients().entry("%024x".formatted(i)).put(record);
      storage.staticRoles().entry("steady-" + i).put(role);
      storage.staticCredentials().entry("steady-" + i).put(credential);
    }
  }
}
