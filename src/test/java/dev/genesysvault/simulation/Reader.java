package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.RotationRun.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * An application that reads a static credential, keeps it, and reads again only after the time that
 * it was told. What it holds has to log in at every moment.
 */
final class Reader {
  /** A wish may be fulfilled as late as its request lives. */
  static final Duration LONGEST_WISH = Duration.ofMinutes(10);

  private static final Duration RETRY = Duration.ofSeconds(5);

  final SimulatedMount mount;
  final String role;
  private final SimulatedWorld world;

  /** What it holds; empty before its first read. */
  String clientId = "";

  String clientSecret = "";

  /** Whether what it holds may die: somebody said so. */
  boolean excused;

  /** When somebody who said so can no more be at it. */
  private Instant excusedUntil = Instant.MIN;

  private boolean ended;

  Reader(SimulatedWorld world, SimulatedMount mount, String role) {
    this.world = world;
    this.mount = mount;
    this.role = role;
  }

  /** Begins to read, in a task of its own. */
  Reader start() {
    var _ =
        world
            .outside()
            .start(
                "reader of " + role,
                () -> {
                  try {
                    while (!ended) {
                      world.scheduler.sleep(read());
                    }
                  } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts a reader", e);
                  }
                });
    return this;
  }

  /** Begins to excuse that what it holds dies without a grace. */
  void excuse() {
    excused = true;
    excusedUntil = world.scheduler.now().plus(LONGEST_WISH);
  }

  private boolean emergency() {
    var credential = Invariants.credentials(mount).get(role);
    var run = credential == null ? null : credential.run();
    return run != null && run.reason() == Reason.EMERGENCY;
  }

  /** Holds nothing any more, and reads no more. */
  void end() {
    ended = true;
    clientId = "";
  }

  /** Reads once; returns how long to sleep. */
  private Duration read() throws InterruptedException {
    var begun = world.scheduler.now();
    boolean emergency = emergency();
    var answer =
        world.vault.request(
            mount,
            Call.onPath(
                Operation.READ,
                "static-creds/name",
                world.newRequestId(),
                Map.of("name", role),
                Map.of()));
    if (ended
        || answer.isEmpty()
        || !(answer.get() instanceof Answer.OfSidecar(Reply.Content content))) {
      // Somebody may have deleted the role before it was ever read.
      ended |= clientId.isEmpty() && mount.storage.keys("static-creds/" + role).isEmpty();
      return RETRY;
    }
    world.secretHosts.handedOut(content.data());
    clientId = String.valueOf(content.data().get("client_id"));
    excused &= emergency || mount.draining || begun.isBefore(excusedUntil);
    clientSecret = String.valueOf(content.data().get("client_secret"));
    return Duration.ofSeconds(Long.parseLong(String.valueOf(content.data().get("ttl"))));
  }

  @Override
  public String toString() {
    return "reader of %s with client %s".formatted(role, clientId);
  }
}
