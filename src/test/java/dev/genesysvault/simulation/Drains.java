package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.network.Transport;
import dev.genesysvault.storage.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How operators drain a mount, or call that off; and what holds meanwhile. */
final class Drains {
  /** By then every request is over that began before the drain, whatever became of it. */
  private static final Duration LONGEST_MAKING = Duration.ofMinutes(5);

  /** What was asked for and not answered may come later than its answer should have. */
  private static final Duration LATEST = Duration.ofMinutes(3);

  private static final List<String> FOLDERS =
      List.of("static-roles/", "static-creds/", "clients/", "journal/");

  private final SimulatedWorld world;

  Drains(SimulatedWorld world) {
    this.world = world;
  }

  /** Drains a mount, whatever it takes. */
  void begin(SimulatedMount mount) throws InterruptedException {
    world.until("drain", () -> beginOnce(mount));
    mount.drained = Optional.of(world.scheduler.now());
  }

  /** Asks once for a mount to be drained. */
  Optional<Answer> beginOnce(SimulatedMount mount) throws InterruptedException {
    excuse(mount);
    return world.write(mount, "drain", Map.of(), Map.of("dry_run", false));
  }

  /** Calls it off, whatever it takes, and whatever was asked for before. */
  void callOff(SimulatedMount mount) throws InterruptedException {
    mount.drained = Optional.empty();
    do {
      world.until("calling off the drain", () -> callOffOnce(mount));
      world.scheduler.sleep(LATEST);
    } while (!mount.storage.keys("drain").isEmpty());
    excuse(mount);
    mount.draining = false;
    for (var role : mount.staticRoles) {
      if (mount.storage.keys("static-roles/" + role).isEmpty()) {
        mount.deletedUntil.put(role, world.scheduler.now().plus(Reader.LONGEST_WISH));
      }
    }
  }

  private Optional<Answer> callOffOnce(SimulatedMount mount) throws InterruptedException {
    return world.vault.request(
        mount, Call.onPath(Operation.DELETE, "drain", world.newRequestId(), Map.of(), Map.of()));
  }

  /** Whoever relies on what is handed out was told. */
  private void excuse(SimulatedMount mount) {
    mount.draining = true;
    mount.drains++;
    mount.firstRotations.clear();
    world.statics.readers().stream()
        .filter(reader -> reader.mount == mount)
        .forEach(Reader::excuse);
    world.vault.leases().stream()
        .filter(lease -> lease.mount == mount)
        .forEach(lease -> lease.drained = true);
  }

  /** At any time: a mount that is drained makes no client. */
  void sent(Transport.Request request) {
    if (!SimulatedNetwork.creates(request)) {
      return;
    }
    var client = Json.read(request.body());
    world.vault.mounts().stream()
        .filter(mount -> Invariants.isOurs(client, mount.mark))
        .filter(mount -> mount.drained.filter(since -> over(since)).isPresent())
        .findFirst()
        .ifPresent(
            mount -> world.scheduler.violated("a mount that is drained makes a client: " + client));
  }

  private boolean over(Instant since) {
    return since.plus(LONGEST_MAKING).isBefore(world.scheduler.now());
  }

  /** Once everything has settled: nothing is left of what a drained mount handed out. */
  Optional<String> check(SimulatedMount mount) {
    for (var folder : FOLDERS) {
      if (!mount.storage.keys(folder).isEmpty()) {
        return Optional.of("a drained mount keeps " + mount.storage.keys(folder));
      }
    }
    var left =
        world.organizations().values().stream()
            .flatMap(genesys -> genesys.clients().values().stream())
            .filter(client -> Invariants.isOurs(client, mount.mark))
            .findFirst();
    return left.isPresent()
        ? Optional.of("a drained mount leaves a client behind: " + left.get())
        : Optional.empty();
  }

  /** Whether a mount that is drained for certain has nothing left. */
  boolean settled(SimulatedMount mount) {
    return mount.drained.isEmpty() || mount.disabled || check(mount).isEmpty();
  }

  /** Waits until a mount says that it is drained. */
  void await(SimulatedMount mount) throws InterruptedException {
    world.until("the end of the drain", () -> shown(mount).filter(Drains::drained));
  }

  private Optional<Answer> shown(SimulatedMount mount) throws InterruptedException {
    return world.vault.request(
        mount, Call.onPath(Operation.READ, "drain", world.newRequestId(), Map.of(), Map.of()));
  }

  private static boolean drained(Answer answer) {
    return answer instanceof Answer.OfSidecar(Reply.Content content)
        && Boolean.TRUE.equals(content.data().get("drained"));
  }
}
