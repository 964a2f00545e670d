package dev.genesysvault.simulation;

import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.RecordedRotation;
import dev.genesysvault.storage.StaticCredential;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must hold of the rotations that are kept for whoever audits, once everything has settled.
 */
final class HistoryInvariants {
  private static final String FOLDER = "history/";

  private HistoryInvariants() {}

  /** Each rotation has one document, which tells of the end of its former client. */
  static Optional<String> check(SimulatedMount mount, Invariants invariants) {
    var credentials = Invariants.credentials(mount);
    for (var role : roles(mount)) {
      var kept = kept(mount, role);
      var violation = checkDoubles(role, kept).or(() -> checkEnds(role, kept, mount, invariants));
      if (violation.isPresent()) {
        return violation;
      }
    }
    return credentials.entrySet().stream()
        .flatMap(entry -> checkTold(mount, entry.getKey(), entry.getValue()).stream())
        .findFirst();
  }

  private static Optional<String> checkTold(
      SimulatedMount mount, String role, StaticCredential credential) {
    var kept = kept(mount, role);
    for (var past : credential.history()) {
      var account = past.account();
      if (account == null) {
        return Optional.of("a rotation of %s gives no account: %s".formatted(role, past));
      }
      var document = kept.get(account.id());
      if (past.untold() || document == null || !tells(document, past)) {
        return Optional.of(
            "the history of %s does not tell of %s, but: %s".formatted(role, past, document));
      }
    }
    return Optional.empty();
  }

  private static boolean tells(RecordedRotation document, PastRotation past) {
    return past.to().equals(document.to())
        && past.switched().equals(document.switched())
        && document.reason().equals(past.reason())
        && (past.ended() == null || document.deleted() != null);
  }

  private static Optional<String> checkDoubles(String role, Map<String, RecordedRotation> kept) {
    var seen = new LinkedHashMap<Object, String>();
    for (var document : kept.entrySet()) {
      var to = document.getValue().to();
      var other = to == null ? null : seen.put(to, document.getKey());
      if (other != null) {
        return Optional.of(
            "the history of %s has one rotation twice: %s and %s"
                .formatted(role, other, document.getKey()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> checkEnds(
      String role,
      Map<String, RecordedRotation> kept,
      SimulatedMount mount,
      Invariants invariants) {
    var leaving =
        Invariants.records(mount).values().stream()
            .map(record -> record.clientId())
            .filter(Objects::nonNull)
            .toList();
    return kept.entrySet().stream()
        .filter(entry -> entry.getValue().from() != null)
        .filter(entry -> entry.getValue().switched() != null)
        .filter(entry -> entry.getValue().deleted() == null)
        .filter(entry -> !leaving.contains(entry.getValue().from()))
        .filter(entry ->
            invariants.shown(Objects.requireNonNull(entry.getValue().from()).value()).isEmpty())
        .findFirst()
        .map(entry ->
            "the history of %s does not tell of the former client's end: %s %s"
                .formatted(role, entry.getKey(), entry.getValue()));
  }

  private static Set<String> roles(SimulatedMount mount) {
    var roles = new TreeSet<String>();
    for (var key : mount.storage.keys(FOLDER)) {
      roles.add(key.substring(FOLDER.length(), key.lastIndexOf('/')));
    }
    return roles;
  }

  private static Map<String, RecordedRotation> kept(SimulatedMount mount, String role) {
    return Invariants.documents(
        mount, FOLDER + role + "/", RecordedRotation.class, storage -> storage.history(role));
  }
}
