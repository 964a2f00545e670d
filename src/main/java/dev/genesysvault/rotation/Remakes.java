package dev.genesysvault.rotation;

import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.storage.StaticCredential;
import java.time.Duration;

/**
 * In a rotation: how long until another successor is made, after some in a row were taken back
 * since they were not what they shall be: longer each time, for what made this one will often make
 * the next.
 */
final class Remakes {
  private static final Duration FIRST = Duration.ofSeconds(20);
  private static final Duration LONGEST = Duration.ofHours(6);

  /** Somebody logs in with what leaked until one is right, and each that is not costs calls. */
  private static final Duration LONGEST_OF_EMERGENCY = Duration.ofMinutes(5);

  private final Backoff waits;
  private final Backoff ofEmergency;

  Remakes(Randomness randomness) {
    this.waits = new Backoff(FIRST, LONGEST, randomness);
    this.ofEmergency = new Backoff(FIRST, LONGEST_OF_EMERGENCY, randomness);
  }

  /**
   * Returns the wait.
   *
   * @param condemned how many were taken back in a row, counted from 1
   */
  Duration after(int condemned, StaticCredential credential) {
    return (credential.emergency() ? ofEmergency : waits).after(condemned);
  }
}
