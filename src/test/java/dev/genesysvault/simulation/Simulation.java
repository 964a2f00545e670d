package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs many schedules, several at a time, until some violate something. */
final class Simulation {
  private static final int EVENTS_KEPT = Integer.getInteger("simulation.kept", 200);

  private final Iterator<Schedule> schedules;
  private final int mostViolations;
  private final ConcurrentLinkedQueue<Throwable> troubles = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Schedule.Outcome> violations = new ConcurrentLinkedQueue<>();
  private long done;
  private long events;
  private long hash;

  private Simulation(Iterator<Schedule> schedules, int mostViolations) {
    this.schedules = schedules;
    this.mostViolations = mostViolations;
  }

  /**
   * What came of all of them.
   *
   * @param hash of everything that happened in them; the same in every run
   */
  record Report(
      long schedules, long events, long hash, Duration took, List<Schedule.Outcome> violations) {
    /** Returns what to tell people. */
    String text() {
      var text =
          "%,d schedules, %,d events, hash %016x, %.1f s, %d ms each on one worker"
              .formatted(
                  schedules,
                  events,
                  hash,
                  took.toMillis() / 1000.0,
                  schedules == 0 ? 0 : took.toMillis() * workers() / schedules);
      if (violations.isEmpty()) {
        return text;
      }
      var names = violations.stream().map(Simulation::brief).collect(Collectors.joining("\n"));
      return text + "\n" + told(violations.getFirst()) + "\n" + names;
    }
  }

  /** Returns everything that is known of a schedule that violates something. */
  static String told(Schedule.Outcome outcome) {
    return """
    schedule %s violates: %s
    hash %016x, %d events; the last ones:
    %s
    again: mvn test -Dexec.skip -Dtest=SimulationTest -Dsimulation.seed=%s
    """
        .formatted(
            outcome.name(),
            outcome.violation().orElse("nothing"),
            outcome.hash(),
            outcome.events(),
            String.join("\n", outcome.lastEvents()),
            outcome.name());
  }

  private static String brief(Schedule.Outcome outcome) {
    var violation = outcome.violation().orElse("");
    int end = violation.indexOf('\n');
    return "%s: %s".formatted(outcome.name(), end < 0 ? violation : violation.substring(0, end));
  }

  private static int workers() {
    return Math.max(1, Runtime.getRuntime().availableProcessors());
  }

  /** Runs them all, unless so many violate something before. */
  static Report run(Iterator<Schedule> schedules, int mostViolations) throws InterruptedException {
    var simulation = new Simulation(schedules, mostViolations);
    long begun = System.nanoTime();
    var workers = new ArrayList<Thread>();
    for (int i = 0; i < workers(); i++) {
      workers.add(Thread.ofPlatform().name("simulation-" + i).start(simulation::work));
    }
    for (var worker : workers) {
      worker.join();
    }
    var trouble = simulation.troubles.poll();
    if (trouble != null) {
      throw new IllegalStateException("the simulation itself failed", trouble);
    }
    return new Report(
        simulation.done,
        simulation.events,
        simulation.hash,
        Duration.ofNanos(System.nanoTime() - begun),
        List.copyOf(simulation.violations));
  }

  private void work() {
    try {
      for (var next = next(); next.isPresent(); next = next()) {
        var outcome = next.get().run(EVENTS_KEPT);
        if (outcome.violation().isPresent()) {
          violations.add(outcome);
        }
        count(outcome);
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      troubles.add(e);
    }
  }

  private synchronized Optional<Schedule> next() {
    return violations.size() < mostViolations && troubles.isEmpty() && schedules.hasNext()
        ? Optional.of(schedules.next())
        : Optional.empty();
  }

  private synchronized void count(Schedule.Outcome outcome) {
    done++;
    events += outcome.events();
    hash ^= outcome.hash();
  }

  /**
   * Returns one schedule for every operation of every flow and everything that can go wrong; of all
   * flows in turn, so that none has to wait for the others to show what is broken.
   */
  static List<Schedule> systematic(List<Flow> wanted, long... seeds) throws InterruptedException {
    var flows = new ArrayList<List<Schedule>>();
    for (long seed : seeds) {
      for (var flow : wanted) {
        flows.add(SystematicSchedule.all(flow, seed));
      }
    }
    int longest = flows.stream().mapToInt(List::size).max().orElse(0);
    return IntStream.range(0, longest)
        .boxed()
        .flatMap(i -> flows.stream().filter(flow -> i < flow.size()).map(flow -> flow.get(i)))
        .toList();
  }
}
