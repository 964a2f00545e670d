package dev.genesysvault.resilience;

import java.security.SecureRandom;

/** The machine's own source of chance. */
public final class SystemRandomness implements Randomness {
  private final SecureRandom random = new SecureRandom();

  @Override
  public double share() {
    return random.nextDouble();
  }

  @Override
  public byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
