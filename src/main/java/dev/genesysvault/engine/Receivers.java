package dev.genesysvault.engine;

import dev.genesysvault.alert.ReceiverKinds;
import java.time.Duration;

/**
 * Who can be told of alarms, and when.
 *
 * @param kinds of receivers that mounts may have; without any, nothing is looked at
 * @param delay how long something that may pass by itself lasts before it is an alarm; positive
 */
public record Receivers(ReceiverKinds kinds, Duration delay) {
  /** As long as Genesys may be away before somebody is told, where nobody says otherwise. */
  public static final Duration STANDARD_DELAY = Duration.ofMinutes(5);

  /** Nobody is told of anything. */
  public static final Receivers NONE = new Receivers(ReceiverKinds.NONE, STANDARD_DELAY);

  private static final int LOOKS = 10;
  private static final Duration LONGEST_BETWEEN = Duration.ofSeconds(10);

  /** Checks the bounds. */
  public Receivers {
    if (!delay.isPositive()) {
      throw new IllegalArgumentException("delay is %s; must be positive".formatted(delay));
    }
  }

  /** Returns how long a look at a mount waits for the next one. */
  Duration between() {
    var some = delay.dividedBy(LOOKS);
    return some.compareTo(LONGEST_BETWEEN) < 0 ? some : LONGEST_BETWEEN;
  }
}
