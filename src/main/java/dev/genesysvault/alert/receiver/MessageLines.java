package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.AlertMessage.Action;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a message says beside its summary, by label: for receivers that are people. */
final class MessageLines {
  private MessageLines() {}

  static Map<String, String> of(AlertMessage message) {
    var alarm = message.alarm();
    var lines = new LinkedHashMap<String, String>();
    if (!alarm.detail().isEmpty()) {
      lines.put("What was seen", alarm.detail());
    }
    if (message.action() == Action.TRIGGER) {
      lines.put("What to do", alarm.kind().advice());
    }
    lines.put("Since", MessageFacts.text(alarm.since()));
    message.lasted().ifPresent(lasted -> lines.put("Lasted", text(lasted)));
    if (message.count() > 1) {
      lines.put("Times", String.valueOf(message.count()));
    }
    lines.put("Where to look", "vault read " + message.path());
    return lines;
  }

  private static String text(Duration lasted) {
    long minutes = Math.max(0, lasted.toMinutes());
    return minutes < 60
        ? "%d min".formatted(minutes)
        : "%d h %d min".formatted(minutes / 60, minutes % 60);
  }
}
