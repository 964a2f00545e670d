package dev.genesysvault.engine.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Vault gets for a request. */
public sealed interface Reply {
  /**
   * An answer with content.
   *
   * @param data may hold a secret; empty for none
   * @param warnings shown by every Vault client
   */
  record Content(Map<String, ?> data, List<String> warnings, Optional<LeasedSecret> secret)
      implements Reply {
    /** Copies the warnings. */
    public Content {
      warnings = List.copyOf(warnings);
    }

    /** Names what it holds, never what that says. */
    @Override
    public String toString() {
      return "Content" + data.keySet();
    }
  }

  /** 404 for a read or a list, 204 for a write or a delete. */
  record Nothing() implements Reply {}

  /**
   * A no with its reason.
   *
   * @param httpStatus 400 to 599
   * @param message what went wrong and what to do; never holds a secret
   */
  record Refusal(int httpStatus, String message) implements Reply {}

  /** This node may not write: Vault forwards the request to one that may. */
  record ReadOnly() implements Reply {}

  /** The path does not know the operation. */
  record UnsupportedOperation() implements Reply {}

  /**
   * What Vault shall lease, or whose lease it extends.
   *
   * @param internalData all that a renew or a revoke needs; empty on a renew: as it was
   */
  record LeasedSecret(String type, Map<String, ?> internalData, Duration ttl, Duration maxTtl) {}

  /** Returns data without a lease. */
  static Reply of(Map<String, ?> data) {
    return new Content(data, List.of(), Optional.empty());
  }

  /** Returns an answer to a write: nothing but its warnings. */
  static Reply written(List<String> warnings) {
    return warnings.isEmpty() ? new Nothing() : new Content(Map.of(), warnings, Optional.empty());
  }
}
