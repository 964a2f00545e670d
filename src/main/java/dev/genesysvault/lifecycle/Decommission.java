package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.UpstreamFailure;

/** What came of a revoke. */
public sealed interface Decommission {
  /** The client is gone. */
  record Gone() implements Decommission {}

  /** The client is on its way out: its record says so, and the background session sees to it. */
  record Deferred() implements Decommission {}

  /**
   * A guard stands before it. Nothing was changed.
   *
   * @param why one sentence
   */
  record Guarded(String why) implements Decommission {}

  /** Genesys does not show the client yet; asking again helps. */
  record NotVisibleYet() implements Decommission {}

  /** Genesys did not do it. The record is still there. */
  record Failed(UpstreamFailure failure) implements Decommission {}
}
