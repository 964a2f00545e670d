package dev.genesysvault.simulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an integration of the simulated organisation logs in with somewhere. */
final class SimulatedCredential {
  final String id;
  private final Instant created;
  private String name;
  private String type;
  private Map<String, Object> fields;
  private Instant modified;

  SimulatedCredential(
      String id, String name, String type, Map<String, Object> fields, Instant now) {
    this.id = id;
    this.name = name;
    this.type = type;
    this.fields = new LinkedHashMap<>(fields);
    this.created = now;
    this.modified = now.truncatedTo(ChronoUnit.MILLIS);
  }

  String type() {
    return type;
  }

  /** Replaces every member, as a PUT does; that is always later than the time before. */
  void replace(String newName, String newType, Map<String, Object> newFields, Instant now) {
    name = newName;
    type = newType;
    fields = new LinkedHashMap<>(newFields);
    var moment = now.truncatedTo(ChronoUnit.MILLIS);
    modified = moment.isAfter(modified) ? moment : modified.plusMillis(1);
  }

  /** Returns it as a write and the list show it: with its times, without its fields. */
  Map<String, Object> info() {
    var shown = shown();
    shown.put("createdDate", created.toString());
    shown.put("modifiedDate", modified.toString());
    return shown;
  }

  /** Returns what every reply shows of it. */
  Map<String, Object> shown() {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", id);
    shown.put("name", name);
    shown.put("type", Map.of("name", type));
    shown.put("selfUri", "/api/v2/integrations/credentials/" + id);
    return shown;
  }

  /** Returns what it truly holds, as nobody sees it at Genesys. */
  Map<String, Object> fields() {
    return Map.copyOf(fields);
  }

  /** Names no field. */
  @Override
  public String toString() {
    return "SimulatedCredential[%s %s]".formatted(id, type);
  }
}
