package dev.genesysvault.destination.google;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ErrorDetails;
import com.google.api.gax.rpc.StatusCode.Code;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.network.GrpcConnections;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Says what it means that Secret Manager did not do what it was asked, and what to do. */
final class Failures {
  private static final int LONGEST_WORDS = 200;
  private static final int LONGEST_ID = 64;
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final GcpSettings settings;
  private final GrpcConnections connections;

  Failures(GcpSettings settings, GrpcConnections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  /**
   * Returns what a failed call means.
   *
   * @param resource what it was about: its name
   * @param sent texts that are not to come back in a message
   */
  DestinationFailure of(Ask ask, String resource, ApiException failure, List<String> sent) {
    var code = failure.getStatusCode().getCode();
    var details = Optional.ofNullable(failure.getErrorDetails());
    var unreached = connections.explain(settings.address(), failure);
    boolean away = code == Code.UNAVAILABLE || code == Code.UNKNOWN;
    var what =
        away && unreached.isPresent()
            ? unreached.get()
            : "%s%s%s; %s"
                .formatted(code, reason(failure), words(code, failure, sent), advice(ask, code));
    return failure(
        ask, resource, extent(code), what, requestId(details), wait(details).orElse(Duration.ZERO));
  }

  /** Returns what it is called that there was no time to ask. */
  DestinationFailure noTime(Ask ask, String resource) {
    return failure(ask, resource, Extent.ENTRY, "no time was left to ask", "", Duration.ZERO);
  }

  /** Returns what keeps one entry from being done, and not by a refusal. */
  DestinationFailure ofEntry(String entry, String what) {
    return new DestinationFailure(
        Trouble.of("the secret %s at %s %s".formatted(entry, settings.place(), what)),
        Extent.ENTRY,
        Duration.ZERO);
  }

  /** What is met by every entry is one trouble, whichever of them met it. */
  private DestinationFailure failure(
      Ask ask, String resource, Extent extent, String what, String requestId, Duration wait) {
    var place = settings.place();
    var text = "%s of %s at %s: %s".formatted(ask.method(), resource, place, what);
    var fields =
        extent == Extent.DESTINATION ? List.<Object>of(place, what) : List.<Object>of(text);
    var whole = requestId.isEmpty() ? text : "%s (request id %s)".formatted(text, requestId);
    return new DestinationFailure(new Trouble(whole, fields), extent, wait);
  }

  private static Extent extent(Code code) {
    return switch (code) {
      case PERMISSION_DENIED,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          ABORTED,
          INVALID_ARGUMENT,
          OUT_OF_RANGE,
          DATA_LOSS ->
          Extent.ENTRY;
      default -> Extent.DESTINATION;
    };
  }

  private String advice(Ask ask, Code code) {
    return switch (code) {
      case PERMISSION_DENIED ->
          "%s needs %s on the secret or its project, if there is such a secret"
              .formatted(settings.who(), ask.needed());
      case UNAUTHENTICATED ->
          "Google does not take the log-in of %s: is its key still good, and this host's clock right?"
              .formatted(settings.who());
      case NOT_FOUND ->
          "make the secret, or set create_secret; check project_id and location as well";
      case RESOURCE_EXHAUSTED -> "a quota of the project is used up: tried again later";
      case FAILED_PRECONDITION, ABORTED ->
          "it is not in a state for that: destroyed, changed by somebody else at the same moment, or its key of Cloud KMS cannot be used; tried again";
      case DEADLINE_EXCEEDED -> "no answer came in time: tried again";
      case UNIMPLEMENTED ->
          "not Secret Manager's own answer: is endpoint right, or is that a proxy's?";
      case INVALID_ARGUMENT, OUT_OF_RANGE ->
          "Google does not take this request: check project_id, location, labels and replicas";
      default -> "it does not answer as it should: tried again";
    };
  }

  /** Returns the one word by which Google tells reasons apart; empty for none. */
  private static String reason(ApiException failure) {
    var reason = failure.getReason();
    boolean word =
        reason != null
            && Texts.consistsOf(reason, 1, LONGEST_ID, c -> Texts.isLetterOrDigit(c) || c == '_');
    return word ? " (" + reason + ")" : "";
  }

  /** Returns Google's own words, bounded, in one line and without secrets; empty for none. */
  private static String words(Code code, ApiException failure, List<String> sent) {
    // These are the library's, and tell of single calls: how long, by which connection.
    if (code == Code.DEADLINE_EXCEEDED || code == Code.CANCELLED) {
      return "";
    }
    var cause = failure.getCause();
    var all = cause == null ? "" : String.valueOf(cause.getMessage());
    if (sent.stream().anyMatch(all::contains)) {
      return ": its words quote a secret and are left out";
    }
    var prefix = code + ": ";
    var own = all.startsWith(prefix) ? all.substring(prefix.length()) : all;
    var first = own.lines().findFirst().orElse("").strip();
    return first.isEmpty() ? "" : ": " + Texts.printable(first, LONGEST_WORDS).strip();
  }

  private static String requestId(Optional<ErrorDetails> details) {
    var id = details.map(ErrorDetails::getRequestInfo).map(info -> info.getRequestId()).orElse("");
    return Texts.consistsOf(id, 1, LONGEST_ID, c -> c > ' ' && c <= '~') ? id : "";
  }

  private static Optional<Duration> wait(Optional<ErrorDetails> details) {
    return details
        .map(ErrorDetails::getRetryInfo)
        .map(info ->
            Duration.ofSeconds(
                Math.max(
                    0, Math.min(LONGEST_WAIT.toSeconds(), info.getRetryDelay().getSeconds()))));
  }
}
