package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.Receiver;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Kinds of receivers at which people read: a URL takes one message in the form of the kind. */
public final class ChatKind implements ReceiverKind {
  private final String name;
  private final String example;
  private final Function<AlertMessage, Object> form;
  private final Transport transport;
  private final Time time;

  private ChatKind(
      String name,
      String example,
      Function<AlertMessage, Object> form,
      Transport transport,
      Time time) {
    this.name = name;
    this.example = example;
    this.form = form;
    this.transport = transport;
    this.time = time;
  }

  /** Returns the kind {@code slack}: an incoming webhook, which takes one message of text. */
  public static ChatKind slack(Transport transport, Time time) {
    return new ChatKind(
        "slack", "https://hooks.slack.com/services/T000/B000/XXXX", SlackText::of, transport, time);
  }

  /**
   * Returns the kind {@code teams}: a webhook of Power Automate's Workflows for Microsoft Teams,
   * which posts an Adaptive Card.
   */
  public static ChatKind teams(Transport transport, Time time) {
    return new ChatKind(
        "teams",
        "https://prod-00.westeurope.logic.azure.com/workflows/XXXX/triggers/manual/paths/invoke?sig=XXXX",
        TeamsCard::of,
        transport,
        time);
  }

  @Override
  public String name() {
    return name;
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
    return new Chat(ReceiverUrl.of(settings, example), form, new JsonPost(transport, time));
  }

  private record Chat(ReceiverUrl url, Function<AlertMessage, Object> form, JsonPost posts)
      implements Receiver {
    @Override
    public String host() {
      return url.host();
    }

    @Override
    public Answer tell(AlertMessage message, Deadline deadline) throws InterruptedException {
      var body = JsonPost.bytes(form.apply(message));
      return posts.post(url, "application/json", Map.of(), body, List.of(), deadline);
    }

    /** Names no more than where it is. */
    @Override
    public String toString() {
      return "Chat[%s]".formatted(url.host());
    }
  }
}
