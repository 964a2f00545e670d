package dev.genesysvault.engine;

/**
 * Ends a request with a refusal from wherever its input turned out wrong. Not an error of the
 * sidecar: nobody logs it, and it has no stack trace.
 */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int httpStatus;

  RefusedException(int httpStatus, String message) {
    super(message, null, false, false);
    this.httpStatus = httpStatus;
  }

  /** The caller's mistake: HTTP 400. */
  static RefusedException badInput(String message) {
    return new RefusedException(400, message);
  }

  Reply.Refusal reply() {
    return new Reply.Refusal(httpStatus, String.valueOf(getMessage()));
  }
}
