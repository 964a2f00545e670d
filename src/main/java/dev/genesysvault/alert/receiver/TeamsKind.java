package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.AlertMessage.Action;
import dev.genesysvault.alert.Receiver;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kind {@code teams}: a webhook of Power Automate's Workflows for Microsoft Teams, which posts
 * an Adaptive Card.
 */
public final class TeamsKind implements ReceiverKind {
  private static final String EXAMPLE =
      "https://prod-00.westeurope.logic.azure.com/workflows/XXXX/triggers/manual/paths/invoke?sig=XXXX";

  private final Transport transport;
  private final Time time;

  public TeamsKind(Transport transport, Time time) {
    this.transport = transport;
    this.time = time;
  }

  @Override
  public String name() {
    return "teams";
  }

  @Override
  public List<String> settings() {
    return List.of(ReceiverUrl.FIELD);
  }

  @Override
  public List<String> sentAlong() {
    return List.of();
  }

  @Override
  public Receiver open(Map<String, String> settings) {
    return new Teams(ReceiverUrl.of(settings, EXAMPLE), new JsonPost(transport, time));
  }

  private record Teams(ReceiverUrl url, JsonPost posts) implements Receiver {
    @Override
    public String host() {
      return url.host();
    }

    @Override
    public Answer tell(AlertMessage message, Deadline deadline) throws InterruptedException {
      var attachment = new LinkedHashMap<String, Object>();
      attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
      attachment.put("content", card(message));
      var body = JsonPost.bytes(Map.of("type", "message", "attachments", List.of(attachment)));
      return posts.post(url, "application/json", Map.of(), body, List.of(), deadline);
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

    /** Names no more than where it is. */
    @Override
    public String toString() {
      return "Teams[%s]".formatted(url.host());
    }
  }
}
