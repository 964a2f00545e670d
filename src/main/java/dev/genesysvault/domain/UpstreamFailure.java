package dev.genesysvault.domain;

import java.time.Duration;
import java.util.List;

/**
 * Why a call to Genesys did not give what was asked. One case for each thing that a caller does
 * differently; a new case breaks every {@code switch} at compile time, which is the point.
 */
public sealed interface UpstreamFailure {
  /** The correlation id where Genesys gave none. */
  String NO_CORRELATION_ID = "none";

  /** What was asked, such as {@code POST /api/v2/oauth/clients}; names no id and no secret. */
  String request();

  /** Genesys' id for the request, or {@link #NO_CORRELATION_ID}; what their support asks for. */
  String correlationId();

  /** Returns one sentence, without a full stop, for whoever operates the mount. */
  default String explanation() {
    var what =
        switch (this) {
          case Refused refused ->
              "Genesys refused %s with HTTP %d %s: %s"
                  .formatted(refused.request, refused.status, refused.code, refused.message);
          case Limited limited ->
              "Genesys' request limit is reached: try again in %d s (%s)"
                  .formatted(
                      Math.max(1, limited.retryAfter.plusMillis(999).toSeconds()), limited.request);
          case Unavailable unavailable ->
              "Genesys is unavailable: %s (%s)".formatted(unavailable.cause, unavailable.request);
          case Unproven unproven ->
              "%s was answered by a 2xx that is not Genesys' own, or that only promises: %s"
                  .formatted(unproven.request, unproven.cause);
          case Unknown unknown ->
              "Genesys' answer to %s was lost: %s".formatted(unknown.request, unknown.cause);
        };
    return correlationId().equals(NO_CORRELATION_ID)
        ? what
        : what + "; correlation id " + correlationId();
  }

  /** Returns what an operator is told of it; the same for each request that meets the same. */
  default Trouble trouble() {
    var fields =
        switch (this) {
          case Refused(var request, var status, var code, var message, var _, var ofLogIn) ->
              List.<Object>of("refused", request, status, code, message, ofLogIn);
          case Limited(var request, var _, var _) -> List.<Object>of("limited", request);
          case Unavailable(var request, var cause, var _) ->
              List.<Object>of("unavailable", request, cause);
          case Unproven(var request, var cause, var _) ->
              List.<Object>of("unproven", request, cause);
          case Unknown(var request, var cause, var _) -> List.<Object>of("unknown", request, cause);
        };
    return new Trouble(explanation(), fields);
  }

  /**
   * Genesys itself said no. Nothing happened, and asking again would not help.
   *
   * @param status HTTP status, 400 to 499
   * @param code Genesys' code, such as {@code not.authorized}; {@code "none"} where it gave none
   * @param message Genesys' text, for people
   * @param ofLogIn whether the mount's own client was refused, before anything was asked
   */
  record Refused(
      String request,
      int status,
      String code,
      String message,
      String correlationId,
      boolean ofLogIn)
      implements UpstreamFailure {
    /** Makes one of what was asked, after the log-in. */
    public Refused(String request, int status, String code, String message, String correlationId) {
      this(request, status, code, message, correlationId, false);
    }

    /** Whether Genesys knows no such thing: its own 404, not one of a proxy. */
    public boolean notFound() {
      return status == 404;
    }

    /** Whether Genesys does not take the caller for who it is, whatever it asks. */
    public boolean ofCaller() {
      return ofLogIn || status == 401;
    }
  }

  /** Too many requests. Nothing happened; ask again after {@code retryAfter}. */
  record Limited(String request, Duration retryAfter, String correlationId)
      implements UpstreamFailure {}

  /**
   * No useful answer, and asking again is harmless: nothing happened, or it may happen twice.
   *
   * @param cause one sentence without secrets
   */
  record Unavailable(String request, String cause, String correlationId)
      implements UpstreamFailure {}

  /**
   * Somebody said that it was done, and Genesys shows that it was not, or not yet: ask again later.
   * Says nothing of other requests.
   *
   * @param cause one sentence without secrets
   */
  record Unproven(String request, String cause, String correlationId) implements UpstreamFailure {}

  /**
   * No useful answer, and the change may have happened: look before asking again.
   *
   * @param cause one sentence without secrets
   */
  record Unknown(String request, String cause, String correlationId) implements UpstreamFailure {}
}
