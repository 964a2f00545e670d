package dev.genesysvault.simulator;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A role in a division, as a simulated client holds it; both are UUIDs, whose letters have no case.
 */
record Grant(String roleId, String divisionId) {
  Grant {
    roleId = roleId.toLowerCase(Locale.ROOT);
    divisionId = divisionId.toLowerCase(Locale.ROOT);
  }

  /** Reads the pairs of a client's body; a pair without both ids is a bad request. */
  static Set<Grant> of(Map<String, Object> body) {
    var grants = new LinkedHashSet<Grant>();
    if (body.get("roleDivisions") instanceof List<?> pairs) {
      for (var item : pairs) {
        if (item instanceof Map<?, ?> pair
            && pair.get("roleId") instanceof String role
            && pair.get("divisionId") instanceof String division) {
          grants.add(new Grant(role, division));
        } else {
          throw SimulatedError.of(
              400, "bad.request", "roleDivisions holds a pair without roleId and divisionId");
        }
      }
    }
    return grants;
  }
}
