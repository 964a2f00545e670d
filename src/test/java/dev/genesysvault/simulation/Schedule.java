package dev.genesysvault.simulation;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One schedule, told by its name alone: a whole number is the seed of a random one, and {@code
 * flow:index:mishap:seed} lets one thing go wrong at one operation of a flow; {@code OPENINGS:seed}
 * and {@code POISON:seed} are about a sidecar that dies again and again.
 */
interface Schedule {
  /** What came of a schedule. */
  record Outcome(
      String name, Optional<String> violation, long hash, long events, List<String> lastEvents) {}

  /** Returns what reproduces it. */
  String name();

  /** Runs it. */
  Outcome run(int eventsKept) throws InterruptedException;

  /** Returns the schedule of that name. */
  static Schedule named(String name) {
    if (!name.contains(":")) {
      return new RandomSchedule(Long.parseLong(name));
    }
    var parts = name.split(":", -1);
    switch (parts[0]) {
      case CutOpenings.NAME -> {
        return new CutOpenings(Long.parseLong(parts[1]));
      }
      case PoisonedStep.NAME -> {
        return new PoisonedStep(Long.parseLong(parts[1]));
      }
      default -> {}
    }
    return new SystematicSchedule(
        Flow.named(parts[0]),
        Integer.parseInt(parts[1]),
        Mishap.valueOf(parts[2]),
        Long.parseLong(parts[3]));
  }

  /** Body of a schedule's first task. */
  @FunctionalInterface
  interface Script {
    void run(SimulatedWorld world) throws InterruptedException;
  }

  /** Runs a script in a world of its own. */
  static Outcome run(
      String name, int eventsKept, SplittableRandom random, int stays, Chaos chaos, Script script)
      throws InterruptedException {
    var trace = new Trace(eventsKept);
    var scheduler = new Scheduler(random.split(), stays, trace);
    var world = new SimulatedWorld(scheduler, chaos, random.split());
    var violation =
        scheduler.run(
            world.outside(),
            () -> {
              try {
                world.sidecars.start();
                script.run(world);
              } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the director", e);
              }
            });
    return new Outcome(
        name,
        violation,
        trace.hash(),
        trace.events(),
        violation.isEmpty() ? List.of() : trace.lines());
  }

  /** Fails the schedule where an invariant does not hold. */
  static void check(SimulatedWorld world, Optional<String> violation) {
    violation.ifPresent(world.scheduler::violated);
  }
}
