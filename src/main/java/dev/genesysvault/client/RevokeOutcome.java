package dev.genesysvault.client;

import dev.genesysvault.domain.UpstreamFailure;

/** What came of a revoke. */
public sealed interface RevokeOutcome {
  /** The client is gone. */
  record Gone() implements RevokeOutcome {}

  /** The client is on its way out: its record says so, and the background session sees to it. */
  record Deferred() implements RevokeOutcome {}

  /**
   * A guard stands before it. Nothing was changed.
   *
   * @param why one sentence
   */
  record Guarded(String why) implements RevokeOutcome {}

  /**
   * Genesys does not show the client yet; asking again helps.
   *
   * @param goesOn whether the client's record says that it has to go, so that the background
   *     session goes on whatever becomes of the lease
   */
  record NotVisibleYet(boolean goesOn) implements RevokeOutcome {}

  /**
   * Genesys did not do it.
   *
   * @param goesOn as for {@link NotVisibleYet}
   */
  record Failed(UpstreamFailure failure, boolean goesOn) implements RevokeOutcome {}

  /**
   * The sidecar met a bug on the way, which its log tells.
   *
   * @param goesOn as for {@link NotVisibleYet}
   */
  record Broken(boolean goesOn) implements RevokeOutcome {}
}
