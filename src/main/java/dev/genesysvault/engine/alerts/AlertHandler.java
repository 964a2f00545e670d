package dev.genesysvault.engine.alerts;

import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.Severity;
import dev.genesysvault.alert.MountAlerts.ReceiverStatus;
import dev.genesysvault.alert.Receiver;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.alert.ReceiverKinds;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.mount.AlertStates;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.KeyedLocks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.storage.AlertReceiver;
import dev.genesysvault.storage.Entry;
import dev.genesysvault.storage.EntryLocks;
import dev.genesysvault.storage.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code alerts/<name>}: one receiver of this mount's alarms. */
public final class AlertHandler implements Handler {
  /** Each has entries of its own. */
  static final int MOST_RECEIVERS = 20;

  private static final Set<String> COMMON = Set.of("name", "kind", "min_severity", "events");
  private static final String URL = "url";
  private static final int REVISION_BYTES = 8;
  private static final int MOST_QUOTED = 64;

  private final AlertStates states;
  private final ReceiverKinds kinds;
  private final EntryLocks locks;
  private final Randomness randomness;

  public AlertHandler(
      AlertStates states, ReceiverKinds kinds, EntryLocks locks, Randomness randomness) {
    this.states = states;
    this.kinds = kinds;
    this.locks = locks;
    this.randomness = randomness;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    var name = request.capture("name");
    return switch (request.operation()) {
      case READ ->
          request
              .storage()
              .alertReceivers()
              .entry(name)
              .get()
              .<Reply>map(receiver -> Reply.of(shown(receiver, states.of(request).of(name))))
              .orElseGet(Reply.Nothing::new);
      case CREATE, UPDATE -> write(request, name);
      case DELETE -> {
        try (var _ = lock(request)) {
          request.storage().alertReceivers().entry(name).delete();
        } finally {
          // Whatever the storage says, it may have done it.
          states.of(request).changed();
        }
        yield new Reply.Nothing();
      }
      case LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private KeyedLocks.Held lock(Request request) throws InterruptedException {
    return locks.lock(request.mount().uuid(), "alerts");
  }

  private Map<String, Object> shown(AlertReceiver receiver, Optional<ReceiverStatus> status) {
    var data = new LinkedHashMap<String, Object>();
    data.put("kind", receiver.kind());
    data.put("host", host(receiver));
    data.put("min_severity", receiver.minSeverity());
    data.put("events", receiver.events());
    var secrets = new ArrayList<>(new TreeMap<>(receiver.settings()).keySet());
    data.put("secrets_kept", secrets);
    data.put("waiting", status.map(ReceiverStatus::waiting).orElse(0));
    data.put("oldest_waiting", text(status.flatMap(ReceiverStatus::oldest)));
    data.put("last_delivery", text(status.flatMap(ReceiverStatus::lastDelivery)));
    data.put("last_error", status.map(ReceiverStatus::lastError).orElse(""));
    data.put("next_attempt", text(status.flatMap(ReceiverStatus::nextTry)));
    return data;
  }

  private static String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("");
  }

  private String host(AlertReceiver receiver) {
    try {
      return kinds
          .of(receiver.kind())
          .map(kind -> kind.open(receiver.settings()))
          .map(Receiver::host)
          .orElse("");
    } catch (IllegalArgumentException _) {
      // A later version may have written what this one does not understand.
      return "";
    }
  }

  private Reply write(Request request, String name) throws InterruptedException {
    try (var _ = lock(request)) {
      var folder = request.storage().alertReceivers();
      var before = before(folder.entry(name));
      var names = folder.names();
      if (!names.contains(name) && names.size() >= MOST_RECEIVERS) {
        throw RefusedException.badInput(
            "there are %d receivers of alarms already, and no more may be: delete one, or have one tell the others"
                .formatted(MOST_RECEIVERS));
      }
      folder.entry(name).put(merged(request.fields(), before));
    } finally {
      states.of(request).changed();
    }
    return Reply.written(List.of());
  }

  /** One that cannot be read is written anew, and whole. */
  private static Optional<AlertReceiver> before(Entry<AlertReceiver> entry)
      throws InterruptedException {
    try {
      return entry.get();
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.UNREADABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private AlertReceiver merged(Fields fields, Optional<AlertReceiver> before) {
    var kindName = fields.text("kind").or(() -> before.map(AlertReceiver::kind)).orElse("");
    var kind =
        kinds
            .of(kindName)
            .orElseThrow(() ->
                RefusedException.badInput(
                    "kind is \"%s\"; must be one of %s"
                        .formatted(
                            Texts.printable(kindName, MOST_QUOTED),
                            String.join(", ", kinds.names()))));
    var former = before.filter(it -> it.kind().equals(kindName));
    for (var field : fields.names()) {
      if (!COMMON.contains(field) && !kind.settings().contains(field)) {
        throw RefusedException.badInput(
            "%s is no field of the kind %s, which has %s"
                .formatted(field, kindName, String.join(", ", kind.settings())));
      }
    }
    var settings = settings(fields, kind, former);
    try {
      var _ = kind.open(settings);
    } catch (IllegalArgumentException e) {
      throw RefusedException.badInput(String.valueOf(e.getMessage()));
    }
    return new AlertReceiver(
        kindName,
        settings,
        former
            .filter(it -> it.settings().equals(settings))
            .map(AlertReceiver::revision)
            .orElseGet(() -> randomness.hex(REVISION_BYTES)),
        severity(fields, before),
        events(fields, before),
        before.map(AlertReceiver::unknown).orElse(Map.of()));
  }

  private static Map<String, String> settings(
      Fields fields, ReceiverKind kind, Optional<AlertReceiver> former) {
    var settings = new LinkedHashMap<String, String>();
    former.ifPresent(it -> settings.putAll(it.settings()));
    for (var field : kind.settings()) {
      fields
          .text(field)
          .ifPresent(text -> {
            if (text.isEmpty()) {
              settings.remove(field);
            } else {
              settings.put(field, text);
            }
          });
    }
    var url = former.map(it -> it.settings().getOrDefault(URL, ""));
    boolean moved = url.filter(it -> !it.equals(settings.getOrDefault(URL, ""))).isPresent();
    for (var field : kind.sentAlong()) {
      if (moved && settings.containsKey(field) && !fields.has(field)) {
        throw RefusedException.badInput(
            "url changes, and %s was given for the former one: write %s as well"
                .formatted(field, field));
      }
    }
    return settings;
  }

  private static String severity(Fields fields, Optional<AlertReceiver> before) {
    var word =
        fields
            .text("min_severity")
            .or(() -> before.map(AlertReceiver::minSeverity))
            .orElseGet(() -> fields.textDefault("min_severity"));
    if (Severity.of(word).isEmpty()) {
      throw RefusedException.badInput(
          "min_severity is \"%s\"; must be one of %s"
              .formatted(
                  Texts.printable(word, MOST_QUOTED),
                  String.join(", ", Stream.of(Severity.values()).map(Severity::word).toList())));
    }
    return word;
  }

  private static List<String> events(Fields fields, Optional<AlertReceiver> before) {
    var sent = fields.list("events").map(list -> list.stream().map(String::valueOf).toList());
    for (var word : sent.orElse(List.of())) {
      if (AlarmKind.of(word).isEmpty()) {
        throw RefusedException.badInput(
            "events names \"%s\"; must be some of %s, or an empty list for all"
                .formatted(
                    Texts.printable(word, MOST_QUOTED),
                    String.join(
                        ", ", Stream.of(AlarmKind.values()).map(AlarmKind::word).toList())));
      }
    }
    return sent.map(list -> list.stream().distinct().toList())
        .or(() -> before.map(AlertReceiver::events))
        .orElse(List.of());
  }
}
