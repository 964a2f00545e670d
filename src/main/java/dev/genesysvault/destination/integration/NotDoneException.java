package dev.genesysvault.destination.integration;

import dev.genesysvault.destination.DestinationFailure;

/** Something was not done, or nobody knows. Never leaves this room. */
final class NotDoneException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient DestinationFailure failure;

  NotDoneException(DestinationFailure failure) {
    super(failure.why().text(), null, false, false);
    this.failure = failure;
  }

  DestinationFailure failure() {
    return failure;
  }
}
