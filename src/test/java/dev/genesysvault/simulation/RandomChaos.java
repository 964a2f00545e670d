package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets things go wrong as chance has it. Most of it comes by the operation, but processes die by
 * time, as real ones do: with a death every so many operations, whatever takes more of them would
 * never be done, however long the world lasts. A death strikes at any operation, and most are
 * followed by the next as soon as chance has it; then all processes live for a while.
 */
final class RandomChaos implements Chaos {
  private final SplittableRandom random;
  private final List<Mishap> mishaps;
  private final int perMille;
  private final Duration peace;
  private final int slowness;

  /** How much time has passed in the world; null while nothing goes wrong. */
  private @Nullable Supplier<Duration> elapsed;

  /** How much has passed when a process may die again. */
  private Duration nextDeath = Duration.ZERO;

  /**
   * Makes one.
   *
   * @param mishaps that happen at all
   * @param perMille how often something goes wrong with an operation
   * @param peace how long no process dies after a death, on average, unless the next may follow at
   *     once
   * @param slowness 0: nothing takes time; 1: milliseconds; 2: now and then a second
   */
  RandomChaos(
      SplittableRandom random, List<Mishap> mishaps, int perMille, Duration peace, int slowness) {
    this.random = random;
    this.mishaps = List.copyOf(mishaps);
    this.perMille = perMille;
    this.peace = peace;
    this.slowness = slowness;
  }

  /**
   * Lets things go wrong.
   *
   * @param clock how much time has passed in the world, whatever the clock of a host says
   */
  void arm(Supplier<Duration> clock) {
    elapsed = clock;
  }

  /** Lets nothing go wrong any more. */
  void disarm() {
    elapsed = null;
  }

  @Override
  public Mishap mishap(Mishap.Door door, String operation) {
    if (elapsed == null || random.nextInt(1000) >= perMille) {
      return Mishap.NONE;
    }
    var fitting = mishaps.stream().filter(mishap -> mishap.fits(door)).toList();
    if (fitting.isEmpty()) {
      return Mishap.NONE;
    }
    var drawn = fitting.get(random.nextInt(fitting.size()));
    if (drawn.endsProcess()) {
      var now = elapsed.get();
      if (now.compareTo(nextDeath) < 0) {
        return Mishap.NONE;
      }
      nextDeath = now.plus(untilNextDeath());
    }
    return drawn;
  }

  private Duration untilNextDeath() {
    return random.nextInt(4) > 0
        ? Duration.ZERO
        : Duration.ofMillis(random.nextLong(2 * peace.toMillis()));
  }

  @Override
  public Duration latency() {
    return switch (slowness) {
      case 0 -> Duration.ZERO;
      case 1 -> Duration.ofMillis(random.nextInt(30));
      default -> Duration.ofMillis(random.nextInt(20) == 0 ? 1_000 : random.nextInt(200));
    };
  }
}
