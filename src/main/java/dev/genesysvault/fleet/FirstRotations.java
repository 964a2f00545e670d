package dev.genesysvault.fleet;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When the clients of a fleet are succeeded for the first time: one after the other, evenly over
 * the whole period, in the order of the list. The same client has the same share of the period in
 * every run.
 *
 * @param clients in the fleet, from 1
 */
record FirstRotations(int clients) {
  /**
   * Returns one of them.
   *
   * @param index of the client in the list, from 0
   * @param period between two rotations of that client
   */
  Instant at(int index, Duration period, Instant now) {
    var share = period.multipliedBy(2L * index + 1).dividedBy(2L * clients);
    return now.plus(share).truncatedTo(ChronoUnit.SECONDS);
  }
}
