package dev.genesysvault.resilience;

import java.time.Duration;

/**
 * The deadline of one call to Genesys, and the lane of the request budget that it comes from.
 *
 * @param lane its place in the queue for the request budget
 * @param deadline when its caller no longer waits: for the HTTP reply
 * @param turn by when the budget must have let it go; not after the deadline
 */
public record CallContext(Lane lane, Deadline deadline, Deadline turn) {
  /** Makes one that waits for its turn as long as its caller waits for the reply. */
  public CallContext(Lane lane, Deadline deadline) {
    this(lane, deadline, deadline);
  }

  /** Returns one that waits no longer than that for its turn, and as long for the reply. */
  public CallContext turnWithin(Duration wait) {
    return new CallContext(lane, deadline, deadline.atMost(wait));
  }
}
