package dev.genesysvault.alert.receiver;

import dev.genesysvault.alert.AlertMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a message says, member by member: for receivers that are programs. */
final class MessageFacts {
  private MessageFacts() {}

  static Map<String, Object> of(AlertMessage message) {
    var alarm = message.alarm();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("alarm", alarm.kind().word());
    facts.put("state", message.action().word());
    facts.put("severity", message.severity().word());
    facts.put("summary", message.summary());
    facts.put("mount", message.mountPath());
    facts.put("subject", alarm.subject());
    facts.put("since", text(alarm.since()));
    Optional.ofNullable(message.ended()).ifPresent(end -> facts.put("ended", text(end)));
    facts.put("count", message.count());
    facts.put("detail", alarm.detail());
    facts.put("advice", alarm.kind().advice());
    facts.put("path", message.path());
    facts.put("cause", message.cause());
    return facts;
  }

  /** Returns a time as people and programs read it, in whole seconds. */
  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
