package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.DestinationFailure;

/** Ends what a destination was asked for; leaves this room as a failure, never as an exception. */
final class NotDoneException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient DestinationFailure failure;

  NotDoneException(DestinationFailure failure) {
    super(failure.why().text());
    this.failure = failure;
  }

  DestinationFailure failure() {
    return failure;
  }
}
