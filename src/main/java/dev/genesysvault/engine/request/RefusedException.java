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
  private final boolean ofBug;

  public RefusedException(int httpStatus, String message) {
    this(httpStatus, message, false);
  }

  private RefusedException(int httpStatus, String message, boolean ofBug) {
    super(Texts.cut(message, LONGEST_MESSAGE), null, false, false);
    this.httpStatus = httpStatus;
    this.ofBug = ofBug;
  }

  /** The caller's mistake: HTTP 400. */
  public static RefusedException badInput(String message) {
    return new RefusedException(400, message);
  }

  /** A bug of the sidecar, which the log has already: HTTP 500. */
  public static RefusedException bug(String message) {
    return new RefusedException(500, message, true);
  }

  /** Returns the same with one more sentence. */
  public RefusedException with(String sentence) {
    return new RefusedException(httpStatus, "%s. %s".formatted(getMessage(), sentence), ofBug);
  }

  /** Returns what came of the request, for metrics. */
  public RequestResult result() {
    return ofBug ? RequestResult.BUG : RequestResult.of(reply());
  }

  /** Returns what Vault gets for the request. */
  public Reply.Refusal reply() {
    return new Reply.Refusal(httpStatus, String.valueOf(getMessage()));
  }
}
