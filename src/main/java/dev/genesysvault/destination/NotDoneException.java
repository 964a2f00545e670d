package dev.genesysvault.destination;

/**
 * Ends what a destination was asked for, within its kind: who asks it gets the failure, and never
 * this.
 */
public final class NotDoneException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient DestinationFailure failure;

  /** Makes one, without a stack trace: nobody logs it. */
  public NotDoneException(DestinationFailure failure) {
    super(failure.why().text(), null, false, false);
    this.failure = failure;
  }

  /** Returns what was met, and what to do. */
  public DestinationFailure failure() {
    return failure;
  }
}
