package dev.genesysvault.alert;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.alert.Receiver.Answer;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.storage.AlertEntry;
import dev.genesysvault.storage.AlertReceiver;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.InlineTasks;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A mount whose alarms a test sets, and receivers that answer as it says. */
final class AlertHarness {
  static final String MOUNT = "11111111-2222-3333-4444-555555555555";
  static final Duration BETWEEN = Duration.ofSeconds(10);

  final FakeTime time = new FakeTime();
  final SoloLocks locks = new SoloLocks(time);
  final InMemoryStorage bytes = new InMemoryStorage();
  final MountStorage storage = new MountStorage(bytes);
  final MountAlerts alerts = new MountAlerts(time, locks);

  /** What stands. */
  final Map<String, Alarm> standing = new LinkedHashMap<>();

  /** Of which nobody can say whether they stand. */
  final List<AlarmKind> unknown = new ArrayList<>();

  /** What was told, as {@code receiver: action kind subject}, confirmed or not. */
  final List<String> told = new ArrayList<>();

  final List<AlertMessage> messages = new ArrayList<>();

  /** How often the mount was looked at. */
  int looks;

  private Instant end = FakeTime.START;
  Function<AlertMessage, Answer> answer = _ -> new Answer.Confirmed("ok");

  private final ByteBuffer memory = ByteBuffer.allocate(StepTrail.BYTES);
  private Alerts rules = started();

  private Alerts started() {
    return new Alerts(
        time,
        new SeededRandomness(),
        new Parallel(new InlineTasks(), locks),
        new StepTrail(memory, time, locks),
        new ReceiverKinds(List.of(new Kind())),
        BETWEEN);
  }

  /** Has another process take over, on the trail that the one before left. */
  void restart() {
    rules = started();
  }

  /** A kind whose only setting says which receiver it is. */
  private final class Kind implements ReceiverKind {
    @Override
    public String name() {
      return "played";
    }

    @Override
    public List<String> settings() {
      return List.of("url");
    }

    @Override
    public List<String> sentAlong() {
      return List.of();
    }

    @Override
    public Receiver open(Map<String, String> settings) {
      var url = settings.getOrDefault("url", "");
      if (url.isEmpty()) {
        throw new IllegalArgumentException("url is missing");
      }
      return new Receiver() {
        @Override
        public String host() {
          return url;
        }

        @Override
        public Answer tell(AlertMessage message, Deadline deadline) {
          messages.add(message);
          told.add(
              "%s: %s %s %s"
                  .formatted(
                      url,
                      message.action().word(),
                      message.alarm().kind().word(),
                      message.alarm().subject()));
          return answer.apply(message);
        }
      };
    }
  }

  AlertHarness receiver(String name) throws InterruptedException {
    return receiver(name, "info", List.of());
  }

  AlertHarness receiver(String name, String minSeverity, List<String> events)
      throws InterruptedException {
    return receiver(
        name,
        new AlertReceiver(
            "played", Map.of("url", name), "revision of " + name, minSeverity, events, Map.of()));
  }

  AlertHarness receiver(String name, AlertReceiver receiver) throws InterruptedException {
    storage.alertReceivers().entry(name).put(receiver);
    alerts.changed();
    return this;
  }

  /** Has a cause stand from now on. */
  AlertHarness stands(AlarmKind kind, String subject) {
    standing.put(
        kind.word() + subject, new Alarm(kind, subject, time.now(), "seen at " + time.now()));
    return this;
  }

  AlertHarness over(AlarmKind kind, String subject) {
    standing.remove(kind.word() + subject);
    return this;
  }

  /** Lets a session work for so long. */
  AlertHarness runs(Duration length) {
    end = time.now().plus(length);
    locks.interruptAt(end);
    try {
      rules.run(MOUNT, storage, alerts, this::look, () -> "genesys/");
    } catch (InterruptedException _) {
      // The time is over.
    }
    return this;
  }

  /** Lets it look some times. */
  AlertHarness rounds(int number) {
    return runs(BETWEEN.multipliedBy(number));
  }

  private AlarmLook look() throws InterruptedException {
    if (time.now().isAfter(end)) {
      throw new InterruptedException();
    }
    looks++;
    var look = new AlarmLook.Builder();
    standing.values().forEach(look::stands);
    unknown.forEach(look::unknown);
    return look.build(1_000, time.now());
  }

  /** Returns what was told since the last time, and forgets it. */
  List<String> told() {
    var all = List.copyOf(told);
    told.clear();
    return all;
  }

  /** Returns what is kept for a receiver. */
  List<AlertEntry> kept(String receiver) throws InterruptedException {
    var all = new ArrayList<AlertEntry>();
    for (var name : storage.alertEntries().below(receiver).names()) {
      all.add(storage.alertEntries().below(receiver).entry(name).get().orElseThrow());
    }
    return all;
  }
}
