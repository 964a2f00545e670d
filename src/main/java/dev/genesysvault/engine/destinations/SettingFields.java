package dev.genesysvault.engine.destinations;

import dev.genesysvault.destination.DestinationKind.Setting;
import dev.genesysvault.destination.Forms;
import dev.genesysvault.engine.request.Fields;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Fields of {@code destinations/<name>} that belong to a kind: as they come, and as they show. */
final class SettingFields {
  private static final String TRUE = "true";

  private SettingFields() {}

  /** Returns the text that a field is kept as; the empty one takes it away; nothing: not sent. */
  static Optional<String> sent(Setting setting, Fields fields) {
    var field = setting.field();
    return switch (setting.form()) {
      case TEXT -> setting.secret() ? fields.rawText(field) : fields.text(field);
      case FLAG -> fields.flag(field).map(flag -> flag ? TRUE : "");
      case LIST ->
          fields.list(field).map(list -> Forms.text(list.stream().map(String::valueOf).toList()));
      case PAIRS -> fields.object(field).map(SettingFields::pairs);
    };
  }

  private static String pairs(Map<String, Object> object) {
    var pairs = new TreeMap<String, String>();
    object.forEach((name, value) -> pairs.put(name, value == null ? "" : String.valueOf(value)));
    return Forms.text(pairs);
  }

  /** Returns what a read shows of the text that a field is kept as. */
  static Object shown(Setting setting, String kept) {
    return switch (setting.form()) {
      case TEXT -> kept;
      case FLAG -> kept.equals(TRUE);
      case LIST -> Forms.list(kept);
      case PAIRS -> Forms.pairs(kept);
    };
  }
}
