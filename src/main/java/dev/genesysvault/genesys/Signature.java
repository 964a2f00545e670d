package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.UpstreamFailure;

/**
 * What a successful reply of Genesys says of who answered.
 *
 * @param correlationId Genesys' id for the request, or {@link UpstreamFailure#NO_CORRELATION_ID}
 * @param promised whether it says that the change will be made, and not that it was: HTTP 202
 */
record Signature(String correlationId, boolean promised) {
  private static final int ACCEPTED = 202;

  static Signature of(Transport.Reply reply) {
    return new Signature(
        Classifier.correlationId(reply, MissingNode.getInstance()), reply.status() == ACCEPTED);
  }

  /** Returns how sure it is that Genesys did what was asked. */
  Done done() {
    return promised || correlationId.equals(UpstreamFailure.NO_CORRELATION_ID)
        ? Done.CLAIMED
        : Done.DONE;
  }
}
