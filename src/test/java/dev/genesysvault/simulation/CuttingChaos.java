package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

/** Lets each life of the sidecar end after some operations, for as long as it is told to. */
final class CuttingChaos implements Chaos {
  /** What an opening takes, about. */
  private static final int OPENING = 14;

  private static final int MORE = 60;

  private final SplittableRandom random;
  private boolean armed;
  private int left;
  private int cuts;

  CuttingChaos(SplittableRandom random) {
    this.random = random;
  }

  /** Begins, or ends. */
  void arm(boolean wanted) {
    armed = wanted;
    left = life();
  }

  /** Every other one ends in its opening. */
  private int life() {
    return random.nextBoolean() ? random.nextInt(OPENING) : OPENING + random.nextInt(MORE);
  }

  /** Returns how many lives it has ended. */
  int cuts() {
    return cuts;
  }

  @Override
  public Mishap mishap(Mishap.Door door, String operation) {
    if (!armed || left-- > 0) {
      return Mishap.NONE;
    }
    cuts++;
    left = life();
    return random.nextBoolean() ? Mishap.SIDECAR_DIES_BEFORE : Mishap.SIDECAR_DIES_AFTER;
  }

  @Override
  public Duration latency() {
    return Duration.ofMillis(random.nextInt(30));
  }
}
