package dev.genesysvault.engine.staticroles;

import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which entries are the same although they have other names: destinations may lead to one place. A
 * destination of which nobody can say where it leads is a place of its own.
 */
final class DestinationPlaces {
  private final Map<String, String> byDestination = new HashMap<>();

  /** Reads where every destination of a mount leads. */
  DestinationPlaces(StaticRoleStore credentials) throws InterruptedException {
    var destinations = credentials.storage().destinations();
    for (var batch : Folder.batches(destinations.names())) {
      destinations.each(
          batch,
          found -> {
            if (found instanceof Found.Document(var name, var config)) {
              place(config, credentials).ifPresent(place -> byDestination.put(name, place));
            }
          });
    }
  }

  private static Optional<String> place(DestinationConfig config, StaticRoleStore credentials) {
    try {
      return credentials
          .destinations()
          .kind(config.kind())
          .map(kind -> config.kind() + " " + kind.place(config.settings()));
    } catch (IllegalArgumentException _) {
      // What cannot be opened is told when something is sent there.
      return Optional.empty();
    }
  }

  private boolean same(DestinationEntry one, DestinationEntry other) {
    return one.entry().equals(other.entry()) && of(one).equals(of(other));
  }

  private String of(DestinationEntry entry) {
    // No kind's name is empty, so that nothing is taken for one by its name.
    return byDestination.getOrDefault(entry.destination(), " " + entry.destination());
  }

  /** Refuses entries two of which are the same, or one of which is another role's. */
  void refuseShared(String role, List<DestinationEntry> entries, StaticRoleStore credentials)
      throws InterruptedException {
    for (int i = 0; i < entries.size(); i++) {
      for (var other : entries.subList(0, i)) {
        if (same(entries.get(i), other)) {
          throw RefusedException.badInput(
              "destinations: %s is the same entry as %s: both destinations lead to one place; name one of them"
                  .formatted(entries.get(i), other));
        }
      }
    }
    var taken =
        credentials
            .storage()
            .staticRoles()
            .find(found ->
                found instanceof Found.Document(var other, var definition)
                    && !other.equals(role)
                    && definition.destinations().stream()
                        .anyMatch(theirs -> entries.stream().anyMatch(it -> same(it, theirs))));
    if (taken.isPresent() && taken.get() instanceof Found.Document(var other, var _)) {
      throw RefusedException.badInput(
          "destinations: static role %s writes to one of the same entries; each entry is one role's"
              .formatted(other));
    }
  }
}
