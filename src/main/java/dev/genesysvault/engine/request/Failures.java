package dev.genesysvault.engine.request;

import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.storage.StorageException;

/** How failures of Genesys and of Vault's storage look in the reply to a request. */
public final class Failures {
  private Failures() {}

  /**
   * Returns the refusal for a failure of Genesys.
   *
   * @param consequence what stands now and what to do; one sentence, or empty
   */
  public static RefusedException refused(UpstreamFailure failure, String consequence) {
    return new RefusedException(status(failure), sentence(failure, consequence));
  }

  /** Returns what to tell of a failure of Genesys. */
  public static String sentence(UpstreamFailure failure, String consequence) {
    return failure.explanation() + (consequence.isEmpty() ? "" : ". " + consequence);
  }

  private static int status(UpstreamFailure failure) {
    return switch (failure) {
      case Refused _, Unavailable _, Unproven _ -> 502;
      case Limited _ -> 429;
      case Unknown _ -> 504;
    };
  }

  /** Returns the reply for a failure of Vault's storage. */
  public static Reply reply(StorageException failure) {
    return switch (failure.kind()) {
      case READ_ONLY -> new Reply.ReadOnly();
      case SETUP -> new Reply.Refusal(503, "the mount is still being set up: try again");
      case NOT_ACTIVE ->
          new Reply.Refusal(
              503,
              "this node of Vault is not active any more, and can write nothing down (%s): try again, and the node that is active goes on from what is written down"
                  .formatted(failure.getMessage()));
      case CLOSED, REFUSED, UNREADABLE, OTHER ->
          new Reply.Refusal(500, "Vault's storage failed: " + failure.getMessage());
    };
  }
}
