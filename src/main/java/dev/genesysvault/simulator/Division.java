package dev.genesysvault.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/** A division of the simulated organisation. */
record Division(String id, String name, boolean home) {
  /** Stands for every division in a grant. */
  static final String ALL = "*";

  Map<String, Object> shown() {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", id);
    shown.put("name", name);
    shown.put("description", "");
    shown.put("homeDivision", home);
    shown.put("selfUri", "/api/v2/authorization/divisions/" + id);
    return shown;
  }

  static Map<String, Object> shownAll() {
    return Map.of("id", ALL, "name", "All divisions", "homeDivision", false);
  }
}
