package dev.genesysvault.storage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The document of a receiver of alarms.
 *
 * @param kind such as {@code pagerduty}
 * @param settings what its kind asks for, all of them secrets; texts that are not empty, by field
 * @param revision another one whenever kind or settings change
 * @param minSeverity the least severity that it is told of
 * @param events the alarms that it is told of, by name; empty for all
 * @param unknown members of a later version
 */
public record AlertReceiver(
    String kind,
    Map<String, String> settings,
    String revision,
    String minSeverity,
    List<String> events,
    Map<String, Object> unknown) {
  /** Copies the settings. */
  public AlertReceiver {
    settings = Map.copyOf(settings);
    events = List.copyOf(events);
  }

  /** Names no setting: all of them are secrets. */
  @Override
  public String toString() {
    return "AlertReceiver[%s]".formatted(kind);
  }

  static final Codec<AlertReceiver> CODEC =
      new Codec<>() {
        @Override
        public AlertReceiver read(Members members) {
          var settings = new LinkedHashMap<String, String>();
          members
              .object("settings")
              .forEach((field, text) -> settings.put(field, String.valueOf(text)));
          return new AlertReceiver(
              members.text("kind"),
              settings,
              members.textOr("revision", ""),
              members.textOr("min_severity", "info"),
              members.texts("events"),
              members.rest());
        }

        @Override
        public void write(AlertReceiver receiver, Map<String, Object> members) {
          members.put("kind", receiver.kind);
          members.put("settings", receiver.settings);
          members.put("revision", receiver.revision);
          members.put("min_severity", receiver.minSeverity);
          members.put("events", receiver.events);
          members.putAll(receiver.unknown);
        }
      };
}
