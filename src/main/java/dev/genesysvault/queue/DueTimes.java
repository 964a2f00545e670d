package dev.genesysvault.queue;

import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.upstream.Delays;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a client in a {@link ClientQueue} is due: first, and again after a step has failed. */
final class DueTimes {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  /** After an outage nobody waits longer; during one, the mount's pause spares Genesys. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private static final Duration STUCK_WAIT = Duration.ofHours(1);

  private final Time time;
  private final Delays delays;
  private final Randomness randomness;
  private final Backoff waits;

  /** Whether who is handed out has to go; guarded by the {@link ClientQueue}. */
  boolean draining;

  DueTimes(Time time, Delays delays, Randomness randomness) {
    this.time = time;
    this.delays = delays;
    this.randomness = randomness;
    this.waits = new Backoff(FIRST_WAIT, LONGEST_WAIT, randomness);
  }

  /** Returns the time of a first look, from what a record says. */
  Instant of(ClientRecord client) {
    var now = time.now();
    return switch (client.state()) {
      case CREATING -> delays.settled(client);
      case ISSUED -> draining ? now : Optional.ofNullable(client.deadline()).orElse(now);
      case RETIRING -> now;
      case STUCK -> now.plus(rarely());
    };
  }

  /** Returns the time of the next look after failure number {@code failures}, counted from 1. */
  Instant after(int failures) {
    return time.now().plus(waits.after(failures));
  }

  private Duration rarely() {
    return Duration.ofMillis((long) (STUCK_WAIT.toMillis() * (1 + randomness.share()) / 2));
  }
}
