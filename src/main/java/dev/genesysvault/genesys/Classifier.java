package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.network.RetryAfter;
import dev.genesysvault.network.Transport;
import java.time.Instant;

/**
 * Puts every reply of Genesys that is no success into one of four: what the caller does next
 * depends on nothing else.
 *
 * @see <a href="https://developer.genesys.cloud/platform/api/status-codes">Genesys' status
 *     codes</a>
 */
final class Classifier {
  private static final int LONGEST_CODE = 100;
  private static final int LONGEST_MESSAGE = 500;

  private Classifier() {}

  /** Returns what a reply with a status other than 2xx means. */
  static UpstreamFailure failure(ApiCall call, Transport.Reply reply, Instant now) {
    var body = Trees.parse(reply.body());
    var correlationId = correlationId(reply, body);
    int status = reply.status();
    if (status == 429) {
      return new Limited(call.template(), RetryAfter.of(reply.head(), now), correlationId);
    }
    // A conflict or a time-out is answered before or after the change: nobody can tell. Only to a
    // deletion, a conflict says that it is too early.
    boolean undecided = status == 408 || (status == 409 && !call.method().equals("DELETE"));
    if (status >= 400 && status < 500 && !undecided) {
      if (!byGenesys(reply, body)) {
        return noUsefulReply(
            call, "HTTP %d that is not Genesys' own: a proxy's?".formatted(status), correlationId);
      }
      return new Refused(
          call.template(),
          // Gone is not found, for whoever asks.
          status == 410 ? 404 : status,
          text(body, "code", "none", LONGEST_CODE),
          text(body, "message", "no reason given", LONGEST_MESSAGE),
          correlationId);
    }
    return noUsefulReply(call, cause(status, text(body, "code", "", LONGEST_CODE)), correlationId);
  }

  /** Returns what a status that nobody can act upon is called. */
  static String cause(int status, String code) {
    return status / 100 == 3
        ? "HTTP %d: a redirect, which is not followed; does the URL name a gateway's real address?"
            .formatted(status)
        : "HTTP %d %s".formatted(status, code).strip();
  }

  /** Returns the kind of an outcome, for logs. */
  static String word(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Ok<?> _ -> "ok";
      case Outcome.Failed<?>(Refused _) -> "refused";
      case Outcome.Failed<?>(Limited _) -> "limited";
      case Outcome.Failed<?>(Unavailable _) -> "unavailable";
      case Outcome.Failed<?>(Unproven _) -> "unproven";
      case Outcome.Failed<?>(Unknown _) -> "unknown";
    };
  }

  /** Returns what it means that a 2xx reply lacks what it must hold. */
  static UpstreamFailure unreadable(ApiCall call, Transport.Reply reply) {
    return noUsefulReply(
        call,
        "HTTP %d without a readable body".formatted(reply.status()),
        correlationId(reply, Trees.parse(new byte[0])));
  }

  /** Returns what it means that there was no whole reply. */
  static UpstreamFailure broken(ApiCall call, Transport.FailedException failure) {
    var cause = String.valueOf(failure.getMessage());
    return failure.mayHaveArrived()
        ? noUsefulReply(call, cause, UpstreamFailure.NO_CORRELATION_ID)
        : new Unavailable(call.template(), cause, UpstreamFailure.NO_CORRELATION_ID);
  }

  private static UpstreamFailure noUsefulReply(ApiCall call, String cause, String correlationId) {
    return call.repeatable()
        ? new Unavailable(call.template(), cause, correlationId)
        : new Unknown(call.template(), cause, correlationId);
  }

  private static boolean byGenesys(Transport.Reply reply, JsonNode body) {
    return body.path("code").isTextual()
        || body.path("contextId").isTextual()
        || reply.header("inin-correlation-id").isPresent();
  }

  static String correlationId(Transport.Reply reply, JsonNode body) {
    var id = reply.header("inin-correlation-id").orElseGet(() -> body.path("contextId").asText(""));
    return id.isBlank() ? UpstreamFailure.NO_CORRELATION_ID : Texts.printable(id, LONGEST_CODE + 1);
  }

  static String text(JsonNode body, String member, String otherwise, int longest) {
    var text = Texts.printable(body.path(member).asText(""), longest + 1);
    return text.isBlank() ? otherwise : text;
  }
}
