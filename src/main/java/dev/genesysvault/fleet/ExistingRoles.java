package dev.genesysvault.fleet;

import dev.genesysvault.vaultapi.VaultApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The static roles that a mount had when a run began.
 *
 * @param clients ids of present clients by role, as far as the mount's session knows them
 * @param roles the reverse of that
 */
record ExistingRoles(Set<String> names, Map<String, String> clients, Map<String, String> roles) {
  private static final int PAGE = 1_000;

  /** Lists them. Where a policy does not allow that, none is known, and each is asked for later. */
  static ExistingRoles list(VaultApi api, String mount) throws InterruptedException {
    var names = new HashSet<String>();
    var clients = new HashMap<String, String>();
    var roles = new HashMap<String, String>();
    var after = "";
    boolean more = true;
    while (more) {
      var answer =
          api.get(
              "%s/static-roles?list=true&limit=%d%s"
                  .formatted(mount, PAGE, after.isEmpty() ? "" : "&after=" + after));
      var keys = new ArrayList<String>();
      answer.data().path("keys").forEach(key -> keys.add(key.asText()));
      for (var name : keys) {
        names.add(name);
        var id = answer.data().path("key_info").path(name).path("client_id").asText();
        if (!id.isEmpty()) {
          clients.put(name, id);
          roles.put(id, name);
        }
      }
      more = keys.size() >= PAGE;
      after = more ? keys.getLast() : "";
    }
    return new ExistingRoles(Set.copyOf(names), Map.copyOf(clients), Map.copyOf(roles));
  }

  /** Returns the role whose present client it is. */
  Optional<String> roleOf(FleetClient client) {
    return Optional.ofNullable(roles.get(client.id()));
  }

  /** Returns the present client of a role, where it is another one. */
  Optional<String> otherClient(String role, FleetClient client) {
    return Optional.ofNullable(clients.get(role)).filter(id -> !id.equals(client.id()));
  }
}
