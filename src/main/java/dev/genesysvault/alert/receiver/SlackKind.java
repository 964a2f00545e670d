package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.Receiver;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The kind {@code slack}: an incoming webhook, which takes one message of text. */
public final class SlackKind implements ReceiverKind {
  private static final String EXAMPLE = "https://hooks.slack.com/services/T000/B000/XXXX";

  private final Transport transport;
  private final Time time;

  public SlackKind(Transport transport, Time time) {
    this.transport = transport;
    this.time = time;
  }

  @Override
  public String name() {
    return "slack";
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
    return new Slack(ReceiverUrl.of(settings, EXAMPLE), new JsonPost(transport, time));
  }

  private record Slack(ReceiverUrl url, JsonPost posts) implements Receiver {
    @Override
    public String host() {
      return url.host();
    }

    @Override
    public Answer tell(AlertMessage message, Deadline deadline) throws InterruptedException {
      var lines =
          MessageLines.of(message).entrySet().stream()
              .map(line -> "*%s:* %s".formatted(line.getKey(), escaped(line.getValue())))
              .collect(Collectors.joining("\n"));
      var text = "*%s*\n%s".formatted(escaped(message.summary()), lines);
      var body = JsonPost.bytes(Map.of("text", text));
      return posts.post(url, "application/json", Map.of(), body, List.of(), deadline);
    }

    /** Slack reads links and mentions out of angle brackets. */
    private static String escaped(String text) {
      return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Names no more than where it is. */
    @Override
    public String toString() {
      return "Slack[%s]".formatted(url.host());
    }
  }
}
