package dev.genesysvault.engine.request;

import dev.genesysvault.domain.Texts;

/**
 * Ends a request with a refusal from wherever its input turned out wrong. Not an error of the
 * sidecar: nobody logs it, and it has no stack trace.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Whatever it quotes: nobody reads more, and whoever sends much is not sent much back. */
  private static final int LONGEST_MESSAGE = 4_000;

  private final int httpStatus;

  public RefusedException(int httpStatus, String message) {
    super(Texts.cut(message, LONGEST_MESSAGE), null, false, false);
    this.httpStatus = httpStatus;
  }

  /** The caller's mistake: HTTP 400. */
  public static RefusedException badInput(String message) {
    return new RefusedException(400, message);
  }

  /** Returns what Vault gets for the request. */
  public Reply.Refusal reply() {
    return new Reply.Refusal(httpStatus, String.valueOf(getMessage()));
  }
}
