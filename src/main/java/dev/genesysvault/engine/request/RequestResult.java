package dev.genesysvault.engine.request;

import java.util.Locale;

/** What came of a request, in one word for metrics. */
public enum RequestResult {
  OK,
  /** The caller's mistake, or a state of the mount that forbids it. */
  REFUSED,
  /** Too many requests of this mount, or of all, wait already. */
  TOO_MANY,
  /** Genesys' request limit is reached. */
  GENESYS_LIMITED,
  /** Genesys refused, or gave no useful answer. */
  GENESYS_FAILED,
  /** Nobody knows whether Genesys did it. */
  GENESYS_UNKNOWN,
  /** Something is not there yet, or not any more. */
  UNAVAILABLE,
  /** Vault's storage failed. */
  STORAGE_FAILED,
  /** Another node answers: this one may not write. */
  READ_ONLY,
  UNSUPPORTED,
  /** It was done, and its reply is too large to be sent. */
  REPLY_TOO_LARGE,
  /** The plugin ended the request. */
  CANCELLED,
  /** Whatever else failed. */
  FAILED,
  /** A bug; the log has it. */
  BUG;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** Returns what a handler's reply comes to. */
  public static RequestResult of(Reply reply) {
    return switch (reply) {
      case Reply.Content _, Reply.Nothing _ -> OK;
      case Reply.ReadOnly _ -> READ_ONLY;
      case Reply.UnsupportedOperation _ -> UNSUPPORTED;
      case Reply.Refusal refusal ->
          switch (refusal.httpStatus()) {
            case 429 -> GENESYS_LIMITED;
            case 502 -> GENESYS_FAILED;
            case 503 -> UNAVAILABLE;
            case 504 -> GENESYS_UNKNOWN;
            default -> refusal.httpStatus() < 500 ? REFUSED : FAILED;
          };
    };
  }

  /** Whether the request came so far that what it names was found. */
  public boolean foundItsName() {
    return switch (this) {
      case OK, GENESYS_LIMITED, GENESYS_FAILED, GENESYS_UNKNOWN -> true;
      case REFUSED,
          TOO_MANY,
          UNAVAILABLE,
          STORAGE_FAILED,
          READ_ONLY,
          UNSUPPORTED,
          REPLY_TOO_LARGE,
          CANCELLED,
          FAILED,
          BUG ->
          false;
    };
  }

  /** Returns its name as metrics show it. */
  public String word() {
    return word;
  }
}
