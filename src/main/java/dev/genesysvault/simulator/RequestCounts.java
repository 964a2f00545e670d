package dev.genesysvault.simulator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often the simulator answered each kind of request how. */
final class RequestCounts {
  private final Map<Kind, Integer> counts = new HashMap<>();

  private record Kind(String method, String path, int status) {}

  /** Counts a request; status 0 where it was cut before it acted. */
  void count(String method, String template, int status) {
    counts.merge(new Kind(method, template, status), 1, Integer::sum);
  }

  void reset() {
    counts.clear();
  }

  List<Map<String, Object>> shown() {
    var shown = new ArrayList<Map<String, Object>>();
    counts.keySet().stream()
        .sorted(
            Comparator.comparing(Kind::path)
                .thenComparing(Kind::method)
                .thenComparingInt(Kind::status))
        .forEach(kind -> {
          var row = new LinkedHashMap<String, Object>();
          row.put("method", kind.method());
          row.put("path", kind.path());
          row.put("status", kind.status());
          row.put("count", counts.get(kind));
          shown.add(row);
        });
    return shown;
  }
}
