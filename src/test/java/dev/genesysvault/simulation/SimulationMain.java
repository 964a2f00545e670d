package dev.genesysvault.simulation;

import java.util.Iterator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Runs schedules: {@code simulation.seed} names one, or several with commas in between, and {@code
 * simulation.flows} the flows of which every systematic one is run; without them, every systematic
 * one and {@value #RANDOM_IN_CI} random ones, or so many that there are {@code
 * simulation.schedules} in all, beginning with seed {@code simulation.first}. It ends with the
 * violation number {@code simulation.violations}.
 */
final class SimulationMain {
  private static final int RANDOM_IN_CI = 3_000;

  /** Schedules of each kind in which the sidecar dies again and again. */
  private static final int DYING = 20;

  private SimulationMain() {}

  /** Exits with 1 where a schedule violates something. */
  public static void main(String[] args) throws InterruptedException {
    var report = run();
    System.out.println(report.text());
    System.exit(report.violations().isEmpty() ? 0 : 1);
  }

  /** Runs what the system properties ask for. */
  static Simulation.Report run() throws InterruptedException {
    Hushed.forever();
    return Simulation.run(wanted(), Integer.getInteger("simulation.violations", 1));
  }

  private static Iterator<Schedule> wanted() throws InterruptedException {
    var named = System.getProperty("simulation.seed");
    if (named != null) {
      return Stream.of(named.split(",")).map(Schedule::named).iterator();
    }
    var flows = System.getProperty("simulation.flows");
    return flows == null
        ? all()
        : Simulation.systematic(Stream.of(flows.split(",")).map(Flow::named).toList(), 0, 1)
            .iterator();
  }

  private static Iterator<Schedule> all() throws InterruptedException {
    var systematic = Simulation.systematic(Flow.all(), 0, 1);
    var dying =
        Stream.concat(
            LongStream.rangeClosed(1, DYING).mapToObj(CutOpenings::new),
            LongStream.rangeClosed(1, DYING).mapToObj(PoisonedStep::new));
    long wanted = Long.getLong("simulation.schedules", systematic.size() + RANDOM_IN_CI);
    long first = Long.getLong("simulation.first", 1);
    var random =
        LongStream.range(first, first + Math.max(0, wanted - systematic.size()))
            .<Schedule>mapToObj(RandomSchedule::new);
    return Stream.concat(dying, Stream.concat(systematic.stream(), random)).iterator();
  }
}
