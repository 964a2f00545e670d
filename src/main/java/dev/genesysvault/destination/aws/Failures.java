package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.network.Transport.FailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Says what it means that AWS did not do what it was asked. */
final class Failures {
  private static final int LONGEST_WORDS = 400;
  private static final int LONGEST_CODE = 64;
  private static final int MOST_CAUSES = 10;

  private final AwsSettings settings;

  Failures(AwsSettings settings) {
    this.settings = settings;
  }

  /** Returns what keeps one secret alone from being done, and was seen without a refusal. */
  NotDoneException ofEntry(SecretId id, String why) {
    var text = "secret %s at %s: %s".formatted(id, settings.place(), why);
    return new NotDoneException(
        new DestinationFailure(Trouble.of(text), Extent.ENTRY, Duration.ZERO));
  }

  /** Returns what keeps everybody from logging in. */
  NotDoneException ofLogIn(String why) {
    return ofLogIn(why, "");
  }

  /**
   * Returns the same.
   *
   * @param details that may be others the next time
   */
  NotDoneException ofLogIn(String why, String details) {
    var text = "log-in at %s: %s".formatted(settings.place(), why);
    return new NotDoneException(
        new DestinationFailure(
            new Trouble(text + details, List.of(text)), Extent.DESTINATION, Duration.ZERO));
  }

  /**
   * Returns what a refusal means.
   *
   * @param secrets texts that went out with the request and are not to come back in a message
   */
  NotDoneException refused(Ask ask, AwsServiceException refusal, List<String> secrets) {
    var code = code(refusal);
    var words = words(refusal);
    var meaning = Meaning.of(ask, code, refusal.statusCode(), words);
    var said =
        secrets.stream().anyMatch(words::contains)
            ? "its words quote a secret and are left out"
            : Texts.printable(words, LONGEST_WORDS).strip();
    var what =
        "HTTP %d%s%s; %s"
            .formatted(
                refusal.statusCode(),
                code.isEmpty() ? "" : " " + code,
                said.isEmpty() ? "" : ": " + said,
                meaning.advice());
    // Times in it are of a single request.
    var stable = meaning.wordsVary() ? "%s %s".formatted(code, meaning.advice()) : what;
    return failure(ask, meaning.extent(), what, stable, requestId(refusal), meaning.retryAfter());
  }

  /** Returns what it means that there is no answer of AWS, or throws where it was interrupted. */
  NotDoneException unanswered(Ask ask, SdkClientException thrown) throws InterruptedException {
    if (cause(thrown, ErrandHttp.InterruptedCallException.class).isPresent()
        || thrown instanceof AbortedException) {
      throw new InterruptedException();
    }
    if (cause(thrown, ErrandHttp.NoTimeException.class).isPresent()) {
      return unanswered(ask, Extent.ENTRY, "no time was left to ask");
    }
    var large = cause(thrown, ErrandHttp.TooLargeException.class);
    if (large.isPresent()) {
      return unanswered(ask, Extent.ENTRY, String.valueOf(large.get().getMessage()));
    }
    // What Amazon's library says of a reply may quote it, and it may hold a secret.
    return unanswered(
        ask,
        Extent.DESTINATION,
        unreached(thrown)
            .orElseGet(() ->
                "an answer that is not AWS' own (%s): a proxy's? is it the address of AWS?"
                    .formatted(thrown.getClass().getSimpleName())));
  }

  /** Returns why nobody was reached; empty where somebody was. */
  static Optional<String> unreached(SdkClientException thrown) {
    return cause(thrown, FailedException.class).map(it -> String.valueOf(it.getMessage()));
  }

  private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
    var each = thrown;
    for (int i = 0; each != null && i < MOST_CAUSES; i++) {
      if (type.isInstance(each)) {
        return Optional.of(type.cast(each));
      }
      each = each.getCause();
    }
    return Optional.empty();
  }

  /** Returns what it is called that an answer does not hold what it must. */
  NotDoneException unreadable(Ask ask) {
    return unanswered(
        ask,
        Extent.DESTINATION,
        "an answer without what AWS answers: a proxy's? is it the address of AWS?");
  }

  private NotDoneException unanswered(Ask ask, Extent extent, String what) {
    return failure(ask, extent, what, what, "", Duration.ZERO);
  }

  /** What is met by every entry is one trouble, whichever of them met it. */
  private NotDoneException failure(
      Ask ask, Extent extent, String what, String stable, String requestId, Duration wait) {
    var place = ask.isLogIn() ? settings.stsPlace() : settings.place();
    var text = "%s %sat %s: %s".formatted(ask.action(), ask.about(), place, what);
    var fields = new ArrayList<Object>(List.of(place, stable));
    if (extent == Extent.ENTRY) {
      fields.add(ask.action());
      fields.add(ask.about());
    }
    var whole = requestId.isEmpty() ? text : "%s (request id %s)".formatted(text, requestId);
    return new NotDoneException(new DestinationFailure(new Trouble(whole, fields), extent, wait));
  }

  /** Whether whoever asked is not known any more, so that another log-in may help. */
  static boolean refusesCaller(AwsServiceException refusal) {
    return Meaning.refusesCaller(code(refusal));
  }

  private static String code(AwsServiceException refusal) {
    var code =
        Optional.ofNullable(refusal.awsErrorDetails())
            .flatMap(it -> Optional.ofNullable(it.errorCode()))
            .orElse("");
    // A proxy may have said anything.
    return Texts.consistsOf(code, 1, LONGEST_CODE, c -> Texts.isLetterOrDigit(c) || c == '.')
        ? code
        : "";
  }

  private static String words(AwsServiceException refusal) {
    return Optional.ofNullable(refusal.awsErrorDetails())
        .flatMap(it -> Optional.ofNullable(it.errorMessage()))
        .orElse("");
  }

  private static String requestId(AwsServiceException refusal) {
    var id = Optional.ofNullable(refusal.requestId()).orElse("");
    return Texts.consistsOf(id, 1, LONGEST_CODE, c -> Texts.isLetterOrDigit(c) || c == '-')
        ? id
        : "";
  }
}
