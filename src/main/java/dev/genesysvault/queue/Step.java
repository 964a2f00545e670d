package dev.genesysvault.queue;

/** What a client in a {@link ClientQueue} waits for; an earlier step goes first. */
public enum Step {
  /** Look at its record: its deadline has come, or nobody knows what was written there. */
  REREAD,
  /** Take its log-in away. */
  DEACTIVATE,
  /**
   * Look whether its mount is still being drained, and so whether it has to go: one after the
   * other, so that those live on whose turn has not come when that is called off.
   */
  DRAIN,
  /** Look whether Genesys shows a client with one of its names. */
  SEARCH,
  /** Remove it at Genesys, and then its record. */
  DELETE
}
