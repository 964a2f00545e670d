package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.UpstreamFailure;

/** What came of decommissioning a client. */
public sealed interface Decommission {
  /** The client is gone, and so is its record. */
  record Gone() implements Decommission {}

  /**
   * A guard stands before it. Nothing was changed.
   *
   * @param why one sentence
   */
  record Guarded(String why) implements Decommission {}

  /** Genesys does not show the client yet; asking again helps. Nothing was changed. */
  record NotVisibleYet() implements Decommission {}

  /** Genesys did not do it. The record is still there. */
  record Failed(UpstreamFailure failure) implements Decommission {}
}
