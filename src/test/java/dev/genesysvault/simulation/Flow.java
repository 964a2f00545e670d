package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What is done in a schedule in which one thing goes wrong at one operation. */
interface Flow {
  /** For how long former clients of static roles work on. */
  Duration GRACE = Duration.ofMinutes(8);

  /** Returns the name by which schedules name it. */
  String name();

  /** What {@code config} says; the flow's name says it too. */
  default String revocation() {
    return name().contains("STRICTLY") ? "strict" : "deferred";
  }

  /** How long it may take until nothing waits any more. */
  default Duration mostToSettle() {
    return Duration.ofHours(6);
  }

  /** Whether it is worth its time to let that go wrong there: not what other flows are about. */
  default boolean concerns(SystematicChaos.Operation operation, Mishap mishap) {
    return true;
  }

  /** Brings the world where the flow begins; nothing goes wrong yet. */
  default void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {}

  /** Does what may go wrong; where nobody says what, the background does, in time. */
  default void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
    world.scheduler.sleep(Duration.ofMinutes(10));
  }

  /** Returns all of them. */
  static List<Flow> all() {
    return Stream.of(
            LeaseFlow.values(), MountFlow.values(), StaticFlow.values(), AlertFlow.values())
        .<Flow>flatMap(Stream::of)
        .toList();
  }

  /** Returns the one of that name. */
  static Flow named(String name) {
    return all().stream()
        .filter(flow -> flow.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no flow " + name));
  }
}
