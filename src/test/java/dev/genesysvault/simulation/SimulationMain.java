package dev.genesysvault.simulation;

import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Runs schedules: {@code simulation.seed} names one, or several with commas in between, and {@code
 * simulation.flows} the flows of which every systematic one is run; without them, every systematic
 * one and {@value #RANDOM_IN_CI} random ones, or so many that there are {@code
 * simulation.schedules} in all, beginning with seed {@code simulation.first}. With {@code
 * simulation.share} about so many of them are run, spread evenly over all. It ends with the
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

  /** Runs schedules that are named, with commas in between; for {@link BrokenClasses}. */
  static String simulate(String names) throws InterruptedException {
    Hushed.forever();
    return Simulation.run(named(names), 1).text();
  }

  private static Iterator<Schedule> named(String names) {
    return Stream.of(names.split(",")).map(Schedule::named).iterator();
  }

  private static Iterator<Schedule> wanted() throws InterruptedException {
    var named = System.getProperty("simulation.seed");
    if (named != null) {
      return named(named);
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
    var all = Stream.concat(dying, Stream.concat(systematic.stream(), random)).toList();
    long share = Math.max(1, Long.getLong("simulation.share", all.size()));
    int step = Math.toIntExact(Math.max(1, all.size() / share));
    return IntStream.iterate(0, i -> i < all.size(), i -> i + step).mapToObj(all::get).iterator();
  }
}
