package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Lets things go wrong as chance has it. */
final class RandomChaos implements Chaos {
  private final SplittableRandom random;
  private final List<Mishap> mishaps;
  private final int perMille;
  private final int slowness;
  private boolean armed;

  /**
   * Makes one.
   *
   * @param mishaps that happen at all
   * @param perMille how often something goes wrong with an operation
   * @param slowness 0: nothing takes time; 1: milliseconds; 2: now and then a second
   */
  RandomChaos(SplittableRandom random, List<Mishap> mishaps, int perMille, int slowness) {
    this.random = random;
    this.mishaps = List.copyOf(mishaps);
    this.perMille = perMille;
    this.slowness = slowness;
  }

  /** Lets things go wrong, or no more. */
  void arm(boolean wanted) {
    armed = wanted;
  }

  @Override
  public Mishap mishap(Mishap.Door door, String operation) {
    if (!armed || random.nextInt(1000) >= perMille) {
      return Mishap.NONE;
    }
    var fitting = mishaps.stream().filter(mishap -> mishap.fits(door)).toList();
    return fitting.isEmpty() ? Mishap.NONE : fitting.get(random.nextInt(fitting.size()));
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
