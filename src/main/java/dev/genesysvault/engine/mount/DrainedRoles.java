package dev.genesysvault.engine.mount;

import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a drain makes of the client that each static role of its mount hands out. */
final class DrainedRoles {
  /** Static roles that are shown one by one. */
  static final int MOST_SHOWN = 1_000;

  private static final String UNREADABLE =
      "%s: %s/%s cannot be read (%s): bring it in order, or remove it; until then the mount is not drained";

  private final MountStorage storage;

  DrainedRoles(MountStorage storage) {
    this.storage = storage;
  }

  /** Returns a sentence for each role that has a client, or of which that is not known. */
  List<String> shown(List<RoleSnapshot> roles) throws InterruptedException {
    var errors = new HashMap<String, String>();
    roles.stream()
        .limit(MOST_SHOWN)
        .filter(role -> !role.lastError().isEmpty())
        .forEach(role -> errors.put(role.name(), role.lastError()));
    var shown = new ArrayList<String>();
    var batches = Folder.batches(roles.stream().map(RoleSnapshot::name).limit(MOST_SHOWN).toList());
    for (var names : batches) {
      shown.addAll(shown(names, errors));
    }
    if (roles.size() > MOST_SHOWN) {
      shown.add("and %,d more".formatted(roles.size() - MOST_SHOWN));
    }
    return shown;
  }

  private List<String> shown(List<String> names, Map<String, String> errors)
      throws InterruptedException {
    var shown = new ArrayList<String>();
    var said = new HashMap<String, OnDelete>();
    storage
        .staticRoles()
        .each(
            names,
            found -> {
              switch (found) {
                case Found.Document<StaticRole>(var name, var role) ->
                    said.put(name, role.onDelete());
                case Found.Nothing<StaticRole>(var name) ->
                    said.put(name, StaticRole.onDelete(Optional.empty()));
                case Found.Unreadable<StaticRole>(var name, var reason) ->
                    shown.add(UNREADABLE.formatted(name, "static-roles", name, reason));
              }
            });
    storage
        .staticCredentials()
        .each(
            names,
            found -> {
              switch (found) {
                case Found.Document<StaticCredential>(var name, var credential) -> {
                  var current = credential.current();
                  var onDelete = said.get(name);
                  if (current != null && onDelete != null) {
                    var error = errors.getOrDefault(name, "");
                    shown.add(
                        "%s: client %s is %s%s"
                            .formatted(
                                name,
                                current.clientId(),
                                onDelete.ends(current) ? "decommissioned" : "released",
                                error.isEmpty() ? "" : "; last error: " + error));
                  }
                }
                case Found.Nothing<StaticCredential> _ -> {
                  // Ended since the roles were counted.
                }
                case Found.Unreadable<StaticCredential>(var name, var reason) ->
                    shown.add(UNREADABLE.formatted(name, "static-creds", name, reason));
              }
            });
    return shown;
  }
}
