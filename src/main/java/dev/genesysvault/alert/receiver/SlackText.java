package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import java.util.Map;
import java.util.stream.Collectors;

/** A message as Slack shows it: a line of summary, and what else there is to say below. */
final class SlackText {
  private SlackText() {}

  static Map<String, Object> of(AlertMessage message) {
    var lines =
        MessageLines.of(message).entrySet().stream()
            .map(line -> "*%s:* %s".formatted(line.getKey(), escaped(line.getValue())))
            .collect(Collectors.joining("\n"));
    return Map.of("text", "*%s*\n%s".formatted(escaped(message.summary()), lines));
  }

  /** Slack reads links and mentions out of angle brackets. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
