package dev.genesysvault.simulation;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.rotation.Deliveries;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.upstream.MountMarks;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold of static credentials once everything has settled. */
final class StaticInvariants {
  private static final List<String> COPIED =
      List.of("description", "accessTokenValiditySeconds", "ipAllowlist");

  /** By then a rotation that is due has begun, whatever happened before. */
  private static final Duration LATE = Duration.ofMinutes(30);

  private StaticInvariants() {}

  /** Whether no rotation is under way, and nothing is left of earlier ones. */
  static boolean atRest(StaticCredential credential) {
    return credential.phase() == Phase.IDLE
        && credential.run() == null
        && credential.retired().isEmpty()
        && credential.releases().isEmpty()
        && (credential.current() == null || Deliveries.behind(credential).isEmpty());
  }

  /** Whether it waits for an import. */
  private static boolean deferred(StaticCredential credential) {
    return credential.current() == null && credential.nextRotation() == null;
  }

  /** Whoever carries the mark of a mount in its description is one of its clients. */
  static Optional<String> checkMarks(SimulatedMount mount, SimulatedGenesys genesys) {
    var owned =
        Stream.concat(
                Invariants.credentials(mount).values().stream()
                    .flatMap(credential -> credential.clientIds().stream()),
                Invariants.records(mount).values().stream()
                    .flatMap(record -> Stream.ofNullable(record.clientId())))
            .collect(Collectors.toSet());
    for (var client : genesys.clients().entrySet()) {
      boolean marked =
          !mount.mark.isEmpty()
              && String.valueOf(client.getValue().get("description"))
                  .contains("; mark %s. Do not edit.".formatted(mount.mark));
      var id = new ClientId(client.getKey());
      // An operator was told of it, since Genesys would not take the mark off in time.
      boolean told =
          mount.events.sent().stream()
              .filter(event -> event.type().equals("genesys/static-role-still-marked"))
              .anyMatch(event -> id.value().equals(event.metadata().get("client_id")));
      if (marked
          && !owned.contains(id)
          && !told
          && !Invariants.isOurs(client.getValue(), mount.mark)) {
        return Optional.of("a client carries the mark of nobody: " + client.getValue());
      }
    }
    return Optional.empty();
  }

  /** Whether a client of that name is one that a static credential knows. */
  static boolean owns(SimulatedMount mount, String name) {
    return Invariants.credentials(mount).values().stream()
        .flatMap(StaticInvariants::generations)
        .anyMatch(generation -> Invariants.isNamed(name, generation.name()));
  }

  private static Stream<StaticClient> generations(StaticCredential credential) {
    return Stream.of(credential.current(), credential.previous(), credential.next())
        .filter(Objects::nonNull);
  }

  static Optional<String> check(SimulatedMount mount, Invariants invariants, Elsewhere elsewhere) {
    for (var entry : Invariants.credentials(mount).entrySet()) {
      var credential = entry.getValue();
      var name = entry.getKey();
      if (!atRest(credential)) {
        return Optional.of(
            "the rotation of %s does not come to its end: %s, run %s, retired %s"
                .formatted(name, credential.phase(), credential.run(), credential.retired()));
      }
      if (deferred(credential)) {
        continue;
      }
      var due = credential.nextRotation();
      if (due != null && due.plus(LATE).isBefore(invariants.now())) {
        return Optional.of(
            "the rotation of %s that is due since %s has not begun".formatted(name, due));
      }
      var current = credential.current();
      if (current == null || credential.next() != null || credential.graceEnd() != null) {
        return Optional.of("static credential %s is not whole: %s".formatted(name, credential));
      }
      var login = current.credential().orElseThrow();
      if (!invariants.logsIn(login.id().value(), login.secret().reveal())) {
        return Optional.of("what %s answers does not log in: %s".formatted(name, login.id()));
      }
      var difference = difference(mount, name, invariants.shown(login.id().value()));
      if (difference.isPresent()) {
        return Optional.of("%s %s".formatted(name, difference.get()));
      }
    }
    return elsewhere.checkSettled(mount);
  }

  /** Once every credential was rotated after its role was written last. */
  static Optional<String> checkDefined(SimulatedMount mount, Invariants invariants) {
    for (var entry : Invariants.credentials(mount).entrySet()) {
      var current = entry.getValue().current();
      var id = current == null ? null : current.clientId();
      if (id != null && !mount.originals.containsKey(entry.getKey())) {
        var defined =
            Invariants.role(mount, entry.getKey()).client().roleDivisions().stream()
                .map(RoleDivision::toString)
                .collect(Collectors.toSet());
        var shown = invariants.shown(id.value());
        if (!pairs(shown).equals(defined)) {
          return Optional.of("%s is to have %s: %s".formatted(entry.getKey(), defined, shown));
        }
      }
    }
    return Optional.empty();
  }

  /** Ids are UUIDs, whose letters have no case. */
  private static Set<String> pairs(Map<String, Object> shown) {
    return new ClientBody(shown)
        .roleDivisions().stream()
            .map(pair -> pair.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
  }

  /** Says in what a client at Genesys differs from what it is to be. */
  private static Optional<String> difference(
      SimulatedMount mount, String role, Map<String, Object> shown) {
    var original = mount.originals.get(role);
    if (original == null) {
      return mount.askedPairs.getOrDefault(role, Set.of()).contains(pairs(shown))
          ? Optional.empty()
          : Optional.of("may do something else: " + shown);
    }
    var plain = MountMarks.released(new ClientBody(shown), new Mark(mount.mark)).members();
    for (var member : COPIED) {
      // Genesys may keep the texts that it is sent in upper or in lower case.
      var wanted = String.valueOf(original.get(member));
      if (!wanted.equalsIgnoreCase(String.valueOf(plain.get(member)))) {
        return Optional.of(
            "has %s %s instead of %s".formatted(member, shown.get(member), original.get(member)));
      }
    }
    return pairs(shown).equals(pairs(original))
        ? Optional.empty()
        : Optional.of("is no copy of %s: %s".formatted(original.get("id"), shown));
  }
}
