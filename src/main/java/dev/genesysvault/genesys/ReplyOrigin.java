package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.network.Transport;

/**
 * Who answered a call of the Platform API, as a successful reply shows it: Genesys, or something in
 * between.
 *
 * @param correlationId Genesys' id for the request, or {@link UpstreamFailure#NO_CORRELATION_ID}
 * @param promised whether it says that the change will be made, and not that it was: HTTP 202
 */
record ReplyOrigin(String correlationId, boolean promised) {
  private static final int ACCEPTED = 202;

  static ReplyOrigin of(Transport.Reply reply) {
    return new ReplyOrigin(
        Classifier.correlationId(reply, MissingNode.getInstance()), reply.status() == ACCEPTED);
  }

  /** Returns how sure it is that Genesys did what was asked. */
  Done done() {
    return promised || correlationId.equals(UpstreamFailure.NO_CORRELATION_ID)
        ? Done.CLAIMED
        : Done.DONE;
  }
}
