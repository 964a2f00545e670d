package dev.genesysvault.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A role of the simulated organisation. */
record SimulatedRole(String id, String name, List<Policy> policies) {
  /** What a role lets its holder do; {@code *} stands for everything. */
  record Policy(String domain, String entityName, Set<String> actions) {
    boolean allows(String wantedDomain, String wantedEntity, String wantedAction) {
      return (domain.equals("*") || domain.equals(wantedDomain))
          && (entityName.equals("*") || entityName.equals(wantedEntity))
          && (actions.contains("*") || actions.contains(wantedAction));
    }

    Map<String, Object> shown() {
      return Map.of(
          "domain",
          domain,
          "entityName",
          entityName,
          "actions",
          List.copyOf(new TreeSet<>(actions)));
    }
  }

  boolean allows(String permission) {
    var parts = permission.split(":", -1);
    return policies.stream().anyMatch(policy -> policy.allows(parts[0], parts[1], parts[2]));
  }

  Map<String, Object> shown() {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", id);
    shown.put("name", name);
    shown.put("policies", policies.stream().map(Policy::shown).toList());
    shown.put("default", false);
    shown.put("selfUri", "/api/v2/authorization/roles/" + id);
    return shown;
  }
}
