package dev.genesysvault.simulation;

import java.util.Iterator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Runs schedules: {@code simulation.seed} names one, or several with commas in between; without it,
 * every systematic one and {@value #RANDOM_IN_CI} random ones, or so many that there are {@code
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
    var named = System.getProperty("simulation.seed");
    return Simulation.run(
        named == null ? all() : Stream.of(named.split(",")).map(Schedule::named).iterator(),
        Integer.getInteger("simulation.violations", 1));
  }

  private static Iterator<Schedule> all() throws InterruptedException {
    var systematic = Simulation.systematic(0, 1);
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
