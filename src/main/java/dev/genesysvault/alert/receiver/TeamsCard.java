package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.AlertMessage.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A message as Teams shows it: an Adaptive Card. */
final class TeamsCard {
  private TeamsCard() {}

  static Map<String, Object> of(AlertMessage message) {
    var attachment = new LinkedHashMap<String, Object>();
    attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
    attachment.put("content", card(message));
    return Map.of("type", "message", "attachments", List.of(attachment));
  }

  private static Map<String, Object> card(AlertMessage message) {
    var card = new LinkedHashMap<String, Object>();
    card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    card.put("type", "AdaptiveCard");
    card.put("version", "1.4");
    var title =
        Map.of(
            "type",
            "TextBlock",
            "text",
            plain(message.summary()),
            "wrap",
            true,
            "weight",
            "Bolder",
            "color",
            color(message));
    var facts =
        MessageLines.of(message).entrySet().stream()
            .map(line -> Map.of("title", line.getKey(), "value", plain(line.getValue())))
            .toList();
    card.put("body", List.of(title, Map.of("type", "FactSet", "facts", facts)));
    return card;
  }

  private static String color(AlertMessage message) {
    if (message.action() != Action.TRIGGER) {
      return "Good";
    }
    return switch (message.severity()) {
      case CRITICAL, ERROR -> "Attention";
      case WARNING -> "Warning";
      case INFO -> "Default";
    };
  }

  /** A card's texts are Markdown: what somebody else wrote makes no link of itself. */
  private static String plain(String text) {
    var plain = new StringBuilder(text.length());
    text.chars()
        .forEach(unit -> {
          if ("\\[]()*_`<>#".indexOf(unit) >= 0) {
            plain.append('\\');
          }
          plain.append((char) unit);
        });
    return plain.toString();
  }
}
