package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.Receiver;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kind {@code webhook}: CloudEvents 1.0 in structured JSON, with the headers of Standard
 * Webhooks 1.0.0.
 */
public final class WebhookKind implements ReceiverKind {
  private static final String EXAMPLE = "https://hooks.example.com/genesys-vault";
  private static final String KEY = "signing_key";
  private static final String PREVIOUS_KEY = "previous_signing_key";

  private final Transport transport;
  private final Time time;

  public WebhookKind(Transport transport, Time time) {
    this.transport = transport;
    this.time = time;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public List<String> settings() {
    return List.of(ReceiverUrl.FIELD, KEY, PREVIOUS_KEY);
  }

  @Override
  public List<String> sentAlong() {
    return List.of();
  }

  @Override
  public Receiver open(Map<String, String> settings) {
    var url = ReceiverUrl.of(settings, EXAMPLE);
    var keys = new ArrayList<SigningKey>();
    for (var field : List.of(KEY, PREVIOUS_KEY)) {
      Optional.ofNullable(settings.get(field))
          .ifPresent(text -> keys.add(SigningKey.of(field, text)));
    }
    if (settings.containsKey(PREVIOUS_KEY) && !settings.containsKey(KEY)) {
      throw new IllegalArgumentException(
          "previous_signing_key is given without signing_key; write both, or signing_key alone");
    }
    return new Webhook(url, List.copyOf(keys), new JsonPost(transport, time), time);
  }

  private record Webhook(ReceiverUrl url, List<SigningKey> keys, JsonPost posts, Time time)
      implements Receiver {
    @Override
    public String host() {
      return url.host();
    }

    @Override
    public Answer tell(AlertMessage message, Deadline deadline) throws InterruptedException {
      var now = time.now();
      var body = JsonPost.bytes(event(message, now));
      var headers = new LinkedHashMap<String, String>();
      headers.put("webhook-id", message.id());
      headers.put("webhook-timestamp", String.valueOf(now.getEpochSecond()));
      if (!keys.isEmpty()) {
        headers.put(
            "webhook-signature",
            String.join(
                " ", keys.stream().map(key -> key.signature(message.id(), now, body)).toList()));
      }
      return posts.post(
          url, "application/cloudevents+json; charset=utf-8", headers, body, List.of(), deadline);
    }

    private static Map<String, Object> event(AlertMessage message, Instant now) {
      var event = new LinkedHashMap<String, Object>();
      event.put("specversion", "1.0");
      event.put("id", message.id());
      event.put("source", "urn:uuid:" + message.mountUuid());
      event.put("type", "dev.genesysvault.alarm." + message.action().word());
      event.put("subject", message.alarm().kind().word());
      event.put("time", now.toString());
      event.put("datacontenttype", "application/json");
      event.put("data", MessageFacts.of(message));
      return event;
    }

    /** Names no more than where it is. */
    @Override
    public String toString() {
      return "Webhook[%s]".formatted(url.host());
    }
  }
}
