package dev.genesysvault.testing;

import dev.genesysvault.resilience.Randomness;
import java.util.Random;

/** Chance that is the same in every run. */
public final class SeededRandomness implements Randomness {
  private final Random random = new Random(42);

  @Override
  public double share() {
    return 0.5;
  }

  @Override
  public byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
