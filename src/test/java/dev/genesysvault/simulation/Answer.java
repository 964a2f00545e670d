package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Reply;

/** What the plugin tells Vault. */
sealed interface Answer {
  /** What the sidecar said. */
  record OfSidecar(Reply reply) implements Answer {}

  /**
   * A revoke was written down for later.
   *
   * @param promised whether Vault is told that it is done
   */
  record Journaled(boolean promised) implements Answer {}

  /** Vault could not make a lease of what the sidecar said, and has revoked it. */
  record NotRegistered() implements Answer {}

  /** The sidecar said nothing. */
  record Unanswered(String why) implements Answer {}

  /** Whether a revoke or a rollback has succeeded. */
  default boolean success() {
    return switch (this) {
      case OfSidecar(Reply.Nothing _), OfSidecar(Reply.Content _) -> true;
      case Journaled(var promised) -> promised;
      case OfSidecar(Reply.Refusal _),
          OfSidecar(Reply.ReadOnly _),
          OfSidecar(Reply.UnsupportedOperation _),
          NotRegistered _,
          Unanswered _ ->
          false;
    };
  }

  /** Whether a client of Vault would ask again by itself. */
  default boolean serverError() {
    return switch (this) {
      case OfSidecar(Reply.Refusal(var status, _)) -> status >= 500;
      case OfSidecar(Reply.ReadOnly _), NotRegistered _, Unanswered _ -> true;
      case OfSidecar(Reply.Nothing _),
          OfSidecar(Reply.Content _),
          OfSidecar(Reply.UnsupportedOperation _) ->
          false;
      case Journaled(var promised) -> !promised;
    };
  }
}
