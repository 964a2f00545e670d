package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.resilience.Deadline;
import java.util.Optional;

/** Where the token comes from that goes along with each call. */
interface Tokens {
  /** Returns the present token, or gets one. */
  Secret present(Deadline deadline) throws NotDoneException, InterruptedException;

  /**
   * Returns another token in the place of one that was answered with a 403, which says of a revoked
   * token the same as of a missing permission; empty where it cannot have been the token.
   */
  Optional<Secret> instead(Secret refused, Deadline deadline)
      throws NotDoneException, InterruptedException;

  /** Gets a token whether one is there or not, and says for people how. */
  String tried(Deadline deadline) throws NotDoneException, InterruptedException;

  /** Whether a token that was just got is good for certain. */
  boolean proven();

  /** Returns whose policies count, for people. */
  String owner();
}
