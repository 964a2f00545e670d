package dev.genesysvault.simulation;

import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.storage.Generation;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.testing.SimulatedOrganization;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What must hold of static credentials once everything has settled. */
final class StaticInvariants {
  private StaticInvariants() {}

  /** Whether no rotation is under way, and nothing is left of earlier ones. */
  static boolean atRest(StaticCredential credential) {
    return credential.phase() == Phase.IDLE
        && credential.run() == null
        && credential.retired().isEmpty();
  }

  /** Whether a client of that name is one that a static credential knows. */
  static boolean owns(SimulatedMount mount, String name) {
    return Invariants.credentials(mount).values().stream()
        .flatMap(StaticInvariants::generations)
        .anyMatch(generation -> generation.name().value().equals(name));
  }

  private static Stream<Generation> generations(StaticCredential credential) {
    return Stream.of(credential.current(), credential.previous(), credential.next())
        .filter(Objects::nonNull);
  }

  static Optional<String> check(SimulatedMount mount, Invariants invariants) {
    for (var entry : Invariants.credentials(mount).entrySet()) {
      var credential = entry.getValue();
      var name = entry.getKey();
      if (!atRest(credential)) {
        return Optional.of(
            "the rotation of %s does not come to its end: %s, run %s, retired %s"
                .formatted(name, credential.phase(), credential.run(), credential.retired()));
      }
      var current = credential.current();
      if (current == null || credential.next() != null || credential.graceEnd() != null) {
        return Optional.of("static credential %s is not whole: %s".formatted(name, credential));
      }
      var login = current.credential().orElseThrow();
      if (!invariants.logsIn(login.id().value(), login.secret().reveal())) {
        return Optional.of("what %s answers does not log in: %s".formatted(name, login.id()));
      }
      var pairs = current.body().roleDivisions().stream().map(RoleDivision::toString).toList();
      if (!pairs.equals(List.of(SimulatedOrganization.HELD_PAIR))) {
        return Optional.of("%s may do something else: %s".formatted(name, pairs));
      }
    }
    return Optional.empty();
  }
}
