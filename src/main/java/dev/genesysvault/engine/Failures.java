package dev.genesysvault.engine;

import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.storage.StorageException;

/** How failures of Genesys and of Vault's storage look to a user of Vault. */
final class Failures {
  private Failures() {}

  /**
   * Returns the refusal for a failure of Genesys.
   *
   * @param consequence what stands now and what to do; one sentence, or empty
   */
  static RefusedException refused(UpstreamFailure failure, String consequence) {
    return new RefusedException(status(failure), sentence(failure, consequence));
  }

  /** Returns what to tell of a failure of Genesys. */
  static String sentence(UpstreamFailure failure, String consequence) {
    var what =
        switch (failure) {
          case Refused refused ->
              "Genesys refused %s with HTTP %d %s: %s"
                  .formatted(
                      refused.request(), refused.status(), refused.code(), refused.message());
          case Limited limited ->
              "Genesys' request limit is reached: try again in %d s (%s)"
                  .formatted(roundedUp(limited), limited.request());
          case Unavailable unavailable ->
              "Genesys is unavailable: %s (%s)"
                  .formatted(unavailable.cause(), unavailable.request());
          case Unknown unknown ->
              "Genesys' answer to %s was lost: %s".formatted(unknown.request(), unknown.cause());
        };
    return what + correlation(failure) + (consequence.isEmpty() ? "" : ". " + consequence);
  }

  private static int status(UpstreamFailure failure) {
    return switch (failure) {
      case Refused _, Unavailable _ -> 502;
      case Limited _ -> 429;
      case Unknown _ -> 504;
    };
  }

  private static String correlation(UpstreamFailure failure) {
    return failure.correlationId().equals(UpstreamFailure.NO_CORRELATION_ID)
        ? ""
        : "; correlation id " + failure.correlationId();
  }

  private static long roundedUp(Limited limited) {
    return Math.max(1, limited.retryAfter().plusMillis(999).toSeconds());
  }

  /** Returns the reply for a failure of Vault's storage. */
  static Reply reply(StorageException failure) {
    return switch (failure.kind()) {
      case READ_ONLY -> new Reply.ReadOnly();
      case SETUP -> new Reply.Refusal(503, "the mount is still being set up: try again");
      case CLOSED, UNREADABLE, OTHER ->
          new Reply.Refusal(500, "Vault's storage failed: " + failure.getMessage());
    };
  }
}
