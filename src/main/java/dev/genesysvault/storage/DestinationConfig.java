package dev.genesysvault.storage;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The document of a destination: a place outside of this mount where applications read static
 * roles' credentials.
 *
 * @param kind such as {@code vault_kv}
 * @param settings what its kind asks for, secrets among them; texts that are not empty, by field
 * @param revision another one whenever the place that it stands for, or how that is named, changes
 * @param required whether a rotation waits for it before readers get the next client
 * @param autoRepairs whether what somebody else overwrote is written again
 * @param removes whether what was written goes when its role or its reference does
 * @param driftCheck how long after it was written an entry is looked at, and each time again; zero
 *     for never
 * @param unknown members of a later version
 */
public record DestinationConfig(
    String kind,
    Map<String, String> settings,
    String revision,
    boolean required,
    boolean autoRepairs,
    boolean removes,
    Duration driftCheck,
    Map<String, Object> unknown) {
  /** Copies the settings. */
  public DestinationConfig {
    settings = Map.copyOf(settings);
  }

  /** Names no setting, since some are secrets. */
  @Override
  public String toString() {
    return "DestinationConfig[%s]".formatted(kind);
  }

  static final Codec<DestinationConfig> CODEC =
      new Codec<>() {
        @Override
        public DestinationConfig read(Members members) {
          var settings = new LinkedHashMap<String, String>();
          members
              .object("settings")
              .forEach((field, text) -> settings.put(field, String.valueOf(text)));
          return new DestinationConfig(
              members.text("kind"),
              settings,
              members.textOr("revision", ""),
              members.flag("required"),
              members.flag("auto_repair"),
              members.textOr("on_delete", KEEP).equals(DELETE),
              members.seconds("drift_check"),
              members.rest());
        }

        @Override
        public void write(DestinationConfig destination, Map<String, Object> members) {
          members.put("kind", destination.kind);
          members.put("settings", destination.settings);
          members.put("revision", destination.revision);
          members.put("required", destination.required);
          members.put("auto_repair", destination.autoRepairs);
          members.put("on_delete", destination.onDelete());
          members.put("drift_check", destination.driftCheck.toSeconds());
          members.putAll(destination.unknown);
        }
      };

  /** What was written stays. */
  public static final String KEEP = "keep";

  /** What was written goes. */
  public static final String DELETE = "delete";

  /** Returns the word for what becomes of what was written. */
  public String onDelete() {
    return removes ? DELETE : KEEP;
  }
}
