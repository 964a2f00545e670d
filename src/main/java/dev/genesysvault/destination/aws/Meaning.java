package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.DestinationFailure.Extent;
import java.time.Duration;
import java.util.Set;

/**
 * What a refusal of AWS means.
 *
 * @param advice what to do, for people
 * @param retryAfter for how long it is of no use to ask again; zero where that is not known
 * @param wordsVary whether AWS' own words are of a single request
 */
record Meaning(Extent extent, String advice, Duration retryAfter, boolean wordsVary) {
  private static final int LOWEST_REDIRECT = 300;
  private static final int LOWEST_ERROR = 400;
  private static final int LOWEST_FAULT = 500;

  /** Versions may be made again once some are a day old; nobody knows when that is. */
  private static final Duration UNTIL_VERSIONS_AGE = Duration.ofHours(1);

  private static final Set<String> CALLER_UNKNOWN =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidAccessKeyId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException");

  private static final Set<String> WRONG_TIME =
      Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");

  private static final Set<String> THROTTLES =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "TooManyRequestsException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "RequestThrottledException",
          "SlowDown");

  private static final Set<String> KMS =
      Set.of(
          "EncryptionFailure",
          "DecryptionFailure",
          "EncryptionFailureException",
          "DecryptionFailureException");

  private static final String NOT_AWS = "not AWS' own answer: a proxy's? is it the address of AWS?";

  /** Whether a code says that AWS does not know who asks. */
  static boolean refusesCaller(String code) {
    return CALLER_UNKNOWN.contains(code);
  }

  /**
   * Returns it.
   *
   * @param code of the error, empty where there is none
   * @param words AWS' own
   */
  static Meaning of(Ask ask, String code, int status, String words) {
    if (WRONG_TIME.contains(code) || (refusesCaller(code) && isOfTime(words))) {
      return new Meaning(
          Extent.DESTINATION,
          "this host's clock is wrong, or the request took long: set the clock",
          Duration.ZERO,
          true);
    }
    if (refusesCaller(code)) {
      return ofAll(
          "AWS does not take the access key or session: check access_key_id and secret_access_key, or what the sidecar's process finds; is region one that the account has switched on?");
    }
    if (THROTTLES.contains(code) || status == 429) {
      return ofAll("AWS takes no more requests for now: tried again later");
    }
    if (status >= LOWEST_FAULT) {
      return new Meaning(
          Extent.DESTINATION,
          "AWS, or a proxy on the way, has a fault: tried again",
          Duration.ZERO,
          true);
    }
    if (code.isEmpty() || (status >= LOWEST_REDIRECT && status < LOWEST_ERROR)) {
      return ofAll(NOT_AWS);
    }
    return refusal(ask, code, words);
  }

  /** AWS says it in the words of a signature that is not taken. */
  private static boolean isOfTime(String words) {
    return words.contains("Signature expired") || words.contains("Signature not yet current");
  }

  private static Meaning refusal(Ask ask, String code, String words) {
    if (ask.isLogIn()) {
      return ofAll(code.startsWith("AccessDenied") ? deniedLogIn(ask) : ask.unfit());
    }
    if (KMS.contains(code) || (code.startsWith("AccessDenied") && isOfKms(words))) {
      return ofEntry(
          "the secret's KMS key is not there, is disabled, or may not be used: allow kms:GenerateDataKey and kms:Decrypt on it, in its key policy as well where it is of another account");
    }
    return switch (code) {
      case "AccessDeniedException", "AccessDenied" -> ofEntry(denied(ask));
      case "LimitExceededException" ->
          new Meaning(
              Extent.ENTRY,
              "a quota of AWS is used up, such as that of versions (100 that are less than a day old): tried again in an hour",
              UNTIL_VERSIONS_AGE,
              false);
      case "OptInRequired", "InvalidAction", "UnknownOperationException" ->
          ofAll(
              "region is not switched on for the account, or is not Secrets Manager's: check region and endpoint");
      default -> ofEntry(ask.unfit());
    };
  }

  private static boolean isOfKms(String words) {
    return words.contains("KMS") || words.contains("kms:");
  }

  private static String denied(Ask ask) {
    return "%s on %s has to be allowed: by a policy of whoever asks, and by none be denied"
        .formatted(ask.permission(), ask.resource());
  }

  private static String deniedLogIn(Ask ask) {
    return "%s on %s has to be allowed: by a policy of whoever asks, and by the role's trust policy, which may ask for external_id"
        .formatted(ask.permission(), ask.resource());
  }

  private static Meaning ofAll(String advice) {
    return new Meaning(Extent.DESTINATION, advice, Duration.ZERO, false);
  }

  private static Meaning ofEntry(String advice) {
    return new Meaning(Extent.ENTRY, advice, Duration.ZERO, false);
  }
}
