package dev.genesysvault.simulation;

import dev.genesysvault.engine.Receivers;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.upstream.Delays;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Starts the sidecar, and starts it again whenever it has died. */
final class SidecarHost {
  private final Scheduler scheduler;
  private final Function<SimulatedProcess, Transport> network;
  private final Randomness randomness;
  private Delays delays;
  private final List<SimulatedTask> waiting = new ArrayList<>();
  private final HostClock clock;

  /** What outlives a process. */
  private final ByteBuffer trail = ByteBuffer.allocate(StepTrail.BYTES);

  private Duration startsAfter = Duration.ofMillis(500);
  private Function<SimulatedProcess, Receivers> receivers = _ -> Receivers.NONE;
  private int lives;
  private @Nullable SimulatedSidecar current;

  SidecarHost(
      Scheduler scheduler,
      Function<SimulatedProcess, Transport> network,
      Randomness randomness,
      Delays delays) {
    this.scheduler = scheduler;
    this.clock = new HostClock(scheduler);
    this.network = network;
    this.randomness = randomness;
    this.delays = delays;
  }

  /** Starts the first one, at once. */
  void start() {
    var process = new SimulatedProcess(scheduler, "sidecar-" + ++lives);
    current =
        new SimulatedSidecar(
            scheduler,
            clock,
            process,
            network.apply(process),
            receivers.apply(process),
            randomness,
            trail,
            delays);
    process.whenDead(() -> {
      current = null;
      scheduler.happens("sidecar starts", startsAfter, this::start);
    });
    waiting.forEach(scheduler::wake);
  }

  /**
   * Has people be told by every sidecar from now on; the present one, which tells nobody, ends.
   *
   * @param overdue how much later than planned a rotation may reach its end before that is told
   */
  void tell(Function<SimulatedProcess, Receivers> people, Duration overdue) {
    receivers = people;
    delays =
        new Delays(delays.longestRequest(), delays.visibility(), delays.propagation(), overdue);
    kill();
  }

  /** Has the wall clock of its host be ahead by this much, or behind. */
  void setClockWrong(Duration ahead) {
    clock.setWrong(ahead);
  }

  /** Whether the wall clock of its host has been right all the time. */
  boolean clockWasRight() {
    return clock.wasRight();
  }

  /** Says how long the next one takes to be there after one has died. */
  void startsAfter(Duration wait) {
    startsAfter = wait;
  }

  /** Ends the present one, if there is one. */
  void kill() {
    var present = current;
    if (present != null) {
      present.process.kill();
    }
  }

  Optional<SimulatedSidecar> current() {
    return Optional.ofNullable(current);
  }

  int lives() {
    return lives;
  }

  /**
   * Waits until there is one.
   *
   * @param atMost null for as long as it takes
   * @return empty when there was none in time
   */
  Optional<SimulatedSidecar> await(@Nullable Duration atMost) throws InterruptedException {
    var me = scheduler.me();
    long begun = scheduler.nanos();
    waiting.add(me);
    try {
      while (current == null) {
        var left = atMost == null ? null : atMost.minusNanos(scheduler.nanos() - begun);
        if (left != null && !left.isPositive()) {
          return Optional.empty();
        }
        scheduler.block("a sidecar", left, true);
      }
      return Optional.of(current);
    } finally {
      waiting.remove(me);
    }
  }
}
