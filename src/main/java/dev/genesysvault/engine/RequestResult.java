package dev.genesysvault.engine;

import dev.genesysvault.engine.request.Reply;
import java.util.Locale;

/** What came of a request, in one word for metrics. */
enum RequestResult {
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
  /** The plugin ended the request. */
  CANCELLED,
  /** Whatever else failed. */
  FAILED,
  /** A bug; the log has it. */
  BUG;

  /** Returns what a handler's reply comes to. */
  static RequestResult of(Reply reply) {
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

  /** Returns its name as metrics show it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
