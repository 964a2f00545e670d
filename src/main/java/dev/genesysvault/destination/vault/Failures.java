package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.network.RetryAfter;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.List;

/** Says what it means that the other Vault did not do what it was asked, and what to do. */
final class Failures {
  private static final int LOWEST_REDIRECT = 300;
  private static final int LOWEST_ERROR = 400;
  private static final int LOWEST_FAULT = 500;

  private final String place;
  private final Time time;

  /**
   * Makes one.
   *
   * @param place where everything is asked, for people
   */
  Failures(String place, Time time) {
    this.place = place;
    this.time = time;
  }

  /** What an answer means. */
  private record Meaning(Extent extent, String advice) {}

  /** Returns what it is called that nobody answered. */
  DestinationFailure unanswered(Call call, String why) {
    return failure(call, Extent.DESTINATION, why, "", Duration.ZERO);
  }

  /** Returns what it is called that an answer is not taken in; others may be shorter. */
  DestinationFailure tooLarge(Call call, int status, int most) {
    var what = "HTTP %d with more than %,d bytes, which is not taken in".formatted(status, most);
    return failure(call, Extent.ENTRY, what, "", Duration.ZERO);
  }

  /** Returns what it is called that an answer does not hold what it must. */
  DestinationFailure unreadable(Call call, Answer answer, Extent extent, String why) {
    var what = "HTTP %d: %s".formatted(answer.status(), why);
    return failure(call, extent, what, answer.requestId(), Duration.ZERO);
  }

  /** Returns what an answer means that is no success. */
  DestinationFailure refused(Call call, Answer answer) {
    var meaning = meaning(call, answer);
    var errors = answer.errors();
    var what =
        "HTTP %d%s; %s"
            .formatted(answer.status(), errors.isEmpty() ? "" : ": " + errors, meaning.advice());
    var wait =
        answer.head().header("retry-after").isPresent()
            ? RetryAfter.of(answer.head(), time.now())
            : Duration.ZERO;
    return failure(call, meaning.extent(), what, answer.requestId(), wait);
  }

  /** What is met by every entry is one trouble, whichever of them met it. */
  private DestinationFailure failure(
      Call call, Extent extent, String what, String requestId, Duration wait) {
    var text = "%s at %s: %s".formatted(call, place, what);
    var fields =
        extent == Extent.DESTINATION ? List.<Object>of(place, what) : List.<Object>of(text);
    var whole = requestId.isEmpty() ? text : "%s (request_id %s)".formatted(text, requestId);
    return new DestinationFailure(new Trouble(whole, fields), extent, wait);
  }

  private static Meaning meaning(Call call, Answer answer) {
    int status = answer.status();
    if (status >= LOWEST_REDIRECT && status < LOWEST_ERROR) {
      return ofAll(
          "a redirect, which is not followed: give the address of the active node, or of a load balancer before it");
    }
    if (status >= LOWEST_FAULT) {
      return ofAll(fault(answer));
    }
    return switch (status) {
      case 412 -> ofAll("the node that answered has not caught up with the others: tried again");
      case 429 -> ofAll("it takes no more requests for now: tried again later");
      case 472, 473 ->
          ofAll("a node that stands by: give the address of the active one, or of a load balancer");
      case 401, 407, 408 -> ofAll("a proxy on the way? it wants to be passed");
      default ->
          answer.byVault()
              ? refusal(call, answer)
              : ofAll("not Vault's own answer: a proxy's? is it the address of a Vault?");
    };
  }

  private static String fault(Answer answer) {
    if (answer.says("sealed")) {
      return "it is sealed: unseal it";
    }
    return "it does not answer as it should: its own log says why; tried again";
  }

  private static Meaning refusal(Call call, Answer answer) {
    return switch (answer.status()) {
      case 403 -> new Meaning(Extent.ENTRY, call.advice().denied());
      case 404 -> notFound(call, answer);
      case 400 -> badRequest(call, answer);
      default -> new Meaning(Extent.ENTRY, call.advice().unfit());
    };
  }

  private static Meaning notFound(Call call, Answer answer) {
    if (answer.says("no handler for route")) {
      return ofAll(call.advice().unrouted());
    }
    return answer.says("namespace")
        ? ofAll("namespace must name one that exists there, and holds log-in and engine")
        : new Meaning(Extent.ENTRY, call.advice().unfit());
  }

  private static Meaning badRequest(Call call, Answer answer) {
    if (answer.says("check-and-set parameter did not match")) {
      return new Meaning(
          Extent.ENTRY,
          "somebody else writes this entry at the same moment: tried again; give it to one writer alone");
    }
    return answer.says("non-versioned")
        ? ofAll("the engine is being upgraded to version 2: tried again")
        : new Meaning(Extent.ENTRY, call.advice().unfit());
  }

  private static Meaning ofAll(String advice) {
    return new Meaning(Extent.DESTINATION, advice);
  }
}
