package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.Receiver;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kind {@code pagerduty}: an integration of PagerDuty's Events API v2. */
public final class PagerDutyKind implements ReceiverKind {
  private static final String US = "https://events.pagerduty.com/v2/enqueue";
  private static final String EU = "https://events.eu.pagerduty.com/v2/enqueue";
  private static final String TRIGGER = "trigger";
  private static final String RESOLVE = "resolve";
  private static final String ROUTING_KEY = "routing_key";
  private static final int ROUTING_KEY_LENGTH = 32;

  /** PagerDuty says no bound; a reader of its page wants no more. */
  private static final int MOST_SOURCE = 255;

  private final Transport transport;
  private final Time time;

  public PagerDutyKind(Transport transport, Time time) {
    this.transport = transport;
    this.time = time;
  }

  @Override
  public String name() {
    return "pagerduty";
  }

  @Override
  public List<String> settings() {
    return List.of(ROUTING_KEY, ReceiverUrl.FIELD);
  }

  @Override
  public List<String> sentAlong() {
    return List.of(ROUTING_KEY);
  }

  @Override
  public Receiver open(Map<String, String> settings) {
    var key = settings.getOrDefault(ROUTING_KEY, "");
    if (!Texts.consistsOf(key, ROUTING_KEY_LENGTH, ROUTING_KEY_LENGTH, Texts::isLetterOrDigit)) {
      throw new IllegalArgumentException(
          "routing_key is %s; must be the integration key of an Events API v2 integration: %d letters and digits"
              .formatted(
                  key.isEmpty() ? "missing" : "of %d characters".formatted(key.length()),
                  ROUTING_KEY_LENGTH));
    }
    var url = ReceiverUrl.of(settings.getOrDefault(ReceiverUrl.FIELD, US), EU);
    return new PagerDuty(url, key, new JsonPost(transport, time));
  }

  private record PagerDuty(ReceiverUrl url, String routingKey, JsonPost posts) implements Receiver {
    @Override
    public String host() {
      return url.host();
    }

    /** A test is an incident of its own that is over at once. */
    @Override
    public Answer tell(AlertMessage message, Deadline deadline) throws InterruptedException {
      return switch (message.action()) {
        case TRIGGER -> send(message, TRIGGER, message.cause(), deadline);
        case RESOLVE -> send(message, RESOLVE, message.cause(), deadline);
        case TEST -> {
          var begun = send(message, TRIGGER, message.id(), deadline);
          yield begun instanceof Answer.Confirmed
              ? send(message, RESOLVE, message.id(), deadline)
              : begun;
        }
      };
    }

    private Answer send(AlertMessage message, String action, String cause, Deadline deadline)
        throws InterruptedException {
      var event = new LinkedHashMap<String, Object>();
      event.put("routing_key", routingKey);
      event.put("event_action", action);
      event.put("dedup_key", cause);
      event.put("payload", payload(message));
      event.put("client", "Vault secrets engine for Genesys Cloud");
      var body = JsonPost.bytes(event);
      return posts.post(url, "application/json", Map.of(), body, List.of(routingKey), deadline);
    }

    private static Map<String, Object> payload(AlertMessage message) {
      var payload = new LinkedHashMap<String, Object>();
      payload.put("summary", message.summary());
      payload.put("source", Texts.cut(message.mountPath(), MOST_SOURCE));
      payload.put("severity", message.severity().word());
      payload.put("timestamp", message.alarm().since().toString());
      payload.put("component", message.alarm().subject());
      payload.put("group", message.mountPath());
      payload.put("class", message.alarm().kind().word());
      payload.put("custom_details", MessageFacts.of(message));
      return payload;
    }

    /** Names no more than where it is. */
    @Override
    public String toString() {
      return "PagerDuty[%s]".formatted(url.host());
    }
  }
}
