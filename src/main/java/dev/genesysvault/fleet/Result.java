package dev.genesysvault.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one client.
 *
 * @param role static role that it has, or would have; empty where that is not known
 * @param reasons why it was refused, each as a sentence that says what to do
 * @param firstRotation when it is succeeded for the first time; empty where that is not said here
 * @param missingPairs roles in divisions that the mount's own client lacks for it
 * @param missingPermissions that the mount's own client lacks for it
 */
record Result(
    FleetClient client,
    String role,
    Kind kind,
    List<String> reasons,
    Optional<Instant> firstRotation,
    List<String> missingPairs,
    List<String> missingPermissions) {
  /** Copies the lists, and takes the secret out of what was said, whoever quoted it. */
  Result {
    var secret = client.credential().secret().reveal();
    reasons = reasons.stream().map(reason -> reason.replace(secret, "(secret)")).toList();
    missingPairs = List.copyOf(missingPairs);
    missingPermissions = List.copyOf(missingPermissions);
  }

  /** What may become of a client. */
  enum Kind {
    IMPORTED,
    ALREADY_THERE,
    WOULD_BE_IMPORTED,
    REFUSED;

    /** Returns the word that reports show to programs. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns it for people. */
    String text() {
      return word().replace('_', ' ');
    }
  }

  /** Returns it, of a client that is to have that static role. */
  Result in(String itsRole) {
    return new Result(
        client, itsRole, kind, reasons, firstRotation, missingPairs, missingPermissions);
  }

  static Result of(FleetClient client, String role, Kind kind) {
    return new Result(client, role, kind, List.of(), Optional.empty(), List.of(), List.of());
  }

  static Result refused(FleetClient client, String role, List<String> reasons) {
    return new Result(client, role, Kind.REFUSED, reasons, Optional.empty(), List.of(), List.of());
  }
}
