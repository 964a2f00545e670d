package dev.genesysvault.alert;

import dev.genesysvault.resilience.Deadline;
import java.time.Duration;

/**
 * Somebody who is told of alarms. May be used by several tasks at once; its texts hold no secret,
 * and not more of a URL than its host.
 */
public interface Receiver {
  /** Returns where it is: a host, and a port where it is not the usual one. */
  String host();

  /** Tells it, by the deadline. Safe to repeat: what it was told has an id. */
  Answer tell(AlertMessage message, Deadline deadline) throws InterruptedException;

  /** What came of it. */
  sealed interface Answer {
    /**
     * It has it.
     *
     * @param said what it answered, bounded
     */
    record Confirmed(String said) implements Answer {}

    /**
     * Nobody knows that it has; the others can be told.
     *
     * @param why it takes this message not, one sentence
     */
    record Refused(String why) implements Answer {}

    /**
     * Nobody knows that it has, and others would fare alike.
     *
     * @param why one sentence
     * @param retryAfter for how long it wants to be left alone; zero where it does not say
     */
    record Away(String why, Duration retryAfter) implements Answer {}
  }
}
