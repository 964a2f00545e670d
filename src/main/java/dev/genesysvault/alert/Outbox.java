package dev.genesysvault.alert;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.alarm.Severity;
import dev.genesysvault.domain.Sha256;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.AlertEntry;
import dev.genesysvault.storage.AlertReceiver;
import dev.genesysvault.storage.Folder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver of a mount has to be told: one entry a cause, written before it is told, and
 * removed once the receiver knows that the cause is over. Used by one task at a time.
 */
final class Outbox {
  private static final int ID_BYTES = 6;
  private static final int CAUSE_BYTES = 16;

  /** A message that is not taken may be taken once somebody has mended the receiver's side. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final String name;
  private final AlertReceiver config;
  private final Folder<AlertEntry> folder;
  private final Time time;
  private final Randomness randomness;
  private final Backoff waits;
  private final Set<AlarmKind> kinds;
  private final Map<String, AlertEntry> entries = new LinkedHashMap<>();

  /** Of entries that the receiver has refused, while it took others. */
  private final Map<String, Wait> refused = new HashMap<>();

  /** How often each was tried in vain. */
  private final Map<String, Integer> tries = new HashMap<>();

  /** Whether what was tried last, in vain, was about the whole mount. */
  private boolean ofMountInVain;

  private Wait away;

  /** How often something failed in a row, and until when nothing is tried. */
  private record Wait(int failures, Deadline until) {}

  /** Makes one that knows of no entry. */
  Outbox(
      String name,
      AlertReceiver config,
      Folder<AlertEntry> folder,
      Time time,
      Randomness randomness) {
    this.name = name;
    this.config = config;
    this.folder = folder;
    this.time = time;
    this.randomness = randomness;
    this.waits = new Backoff(FIRST_WAIT, LONGEST_WAIT, randomness);
    this.kinds = wanted(config);
    this.away = new Wait(0, Deadline.in(Duration.ZERO, time));
  }

  private static Set<AlarmKind> wanted(AlertReceiver config) {
    var least = Severity.of(config.minSeverity()).orElse(Severity.INFO);
    return List.of(AlarmKind.values()).stream()
        .filter(kind -> kind.severity().atLeast(least))
        .filter(kind -> config.events().isEmpty() || isNamed(kind, config.events()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Who wants to hear of what may be told as one with others, hears of that. */
  private static boolean isNamed(AlarmKind kind, List<String> events) {
    return events.contains(kind.word())
        || (kind == AlarmKind.CONSEQUENCES
            && events.stream()
                .flatMap(word -> AlarmKind.of(word).stream())
                .anyMatch(AlarmKind::follows));
  }

  String name() {
    return name;
  }

  AlertReceiver config() {
    return config;
  }

  /** Takes note of an entry as it was read. */
  void read(String cause, AlertEntry entry) {
    entries.put(cause, entry);
  }

  /** Returns what tells a cause from others of its mount: letters and digits. */
  static String cause(AlarmKind kind, String subject) {
    return Sha256.hex(Sha256.of(kind.word() + "/" + subject), CAUSE_BYTES);
  }

  /** Writes down what a look at the mount has shown, as far as it is news. */
  void update(AlarmLook look) throws InterruptedException {
    var now = time.now();
    var standing = new LinkedHashMap<String, Alarm>();
    for (var alarm : look.alarms()) {
      if (kinds.contains(alarm.kind())) {
        standing.put(cause(alarm.kind(), alarm.subject()), alarm);
      }
    }
    for (var each : new ArrayList<>(entries.entrySet())) {
      var alarm = standing.get(each.getKey());
      var entry = each.getValue();
      if (alarm == null) {
        if (entry.ended() == null && isOver(entry, look)) {
          end(each.getKey(), entry, now);
        } else if (entry.ended() != null && isOfFormer(entry)) {
          remove(each.getKey());
        }
      } else if (entry.ended() != null) {
        write(each.getKey(), entry.again(alarm.since(), alarm.detail()));
      } else {
        // What was seen last goes along when it is told; it is not worth a write before.
        entries.put(each.getKey(), entry.with(alarm.detail()));
      }
    }
    long room = AlarmBoard.MOST - entries.values().stream().filter(it -> !it.ofMount()).count();
    for (var each : standing.entrySet()) {
      boolean ofMount = each.getValue().ofMount();
      if ((ofMount || room > 0) && !entries.containsKey(each.getKey())) {
        begin(each.getKey(), each.getValue());
        room -= ofMount ? 0 : 1;
      }
    }
  }

  /** Who was never told of what it does not want to hear, need not be told of its end. */
  private void end(String cause, AlertEntry entry, Instant now) throws InterruptedException {
    boolean unwanted = AlarmKind.of(entry.alarm()).filter(kinds::contains).isEmpty();
    if (isOfFormer(entry) || (unwanted && !entry.wasTold())) {
      remove(cause);
    } else {
      write(cause, entry.over(now));
    }
  }

  /** Whether somebody else was told who was at this name before. */
  private boolean isOfFormer(AlertEntry entry) {
    return entry.wasTold() && !entry.told().equals(config.revision());
  }

  private void remove(String cause) throws InterruptedException {
    folder.entry(cause).delete();
    entries.remove(cause);
    tries.remove(cause);
    refused.remove(cause);
  }

  /** One that a later version has written is left to it. */
  private boolean isOver(AlertEntry entry, AlarmLook look) {
    return AlarmKind.of(entry.alarm())
        .filter(
            kind -> !kinds.contains(kind) || !look.mayStand(kind, entry.subject(), entry.since()))
        .isPresent();
  }

  private void begin(String cause, Alarm alarm) throws InterruptedException {
    write(
        cause,
        AlertEntry.begun(
            randomness.hex(ID_BYTES),
            alarm.kind().word(),
            alarm.subject(),
            alarm.since(),
            alarm.detail()));
  }

  private void write(String cause, AlertEntry entry) throws InterruptedException {
    folder.entry(cause).put(entry);
    entries.put(cause, entry);
  }

  /**
   * What is to be told next.
   *
   * @param cause its entry's name
   */
  record Next(String cause, AlertEntry entry, AlarmKind kind, AlertMessage.Action action) {}

  /**
   * Returns what is to be told now: what is about the whole mount, then what has waited longest;
   * empty for nothing.
   */
  Optional<Next> next() {
    if (!away.until().over()) {
      return Optional.empty();
    }
    Next oldest = null;
    for (var each : entries.entrySet()) {
      var entry = each.getValue();
      var kind = AlarmKind.of(entry.alarm());
      var wait = refused.get(each.getKey());
      boolean held = wait != null && !wait.until().over();
      if (kind.isPresent() && waits(entry) && !held) {
        var next = new Next(each.getKey(), entry, kind.get(), action(entry));
        oldest = oldest == null || comesBefore(next, oldest) ? next : oldest;
      }
    }
    return Optional.ofNullable(oldest);
  }

  /** What a later version has written is told by it. */
  private boolean waits(AlertEntry entry) {
    return AlarmKind.of(entry.alarm()).isPresent() && entry.waits(config.revision());
  }

  /** One that cannot be told must not keep all others from being. */
  private boolean comesBefore(Next one, Next other) {
    boolean first = goesFirst(one);
    if (first != goesFirst(other)) {
      return first;
    }
    int ones = tries(one);
    int others = tries(other);
    return ones == others ? begun(one.entry()).isBefore(begun(other.entry())) : ones < others;
  }

  /** What is about the whole mount; where one of these was not taken, another one has its turn. */
  private boolean goesFirst(Next next) {
    return next.entry().ofMount() && !ofMountInVain;
  }

  private int tries(Next next) {
    return tries.getOrDefault(next.cause(), 0);
  }

  private static AlertMessage.Action action(AlertEntry entry) {
    return entry.ended() != null && entry.wasTold()
        ? AlertMessage.Action.RESOLVE
        : AlertMessage.Action.TRIGGER;
  }

  /** Since when a receiver should know more than it does. */
  private static Instant begun(AlertEntry entry) {
    var ended = entry.ended();
    return ended != null && entry.wasTold() ? ended : entry.since();
  }

  /** Takes note that the receiver has confirmed. */
  void confirmed(Next next) throws InterruptedException {
    away = new Wait(0, away.until());
    ofMountInVain = false;
    refused.remove(next.cause());
    tries.remove(next.cause());
    if (next.action() == AlertMessage.Action.RESOLVE) {
      remove(next.cause());
    } else {
      write(next.cause(), next.entry().confirmed(config.revision()));
    }
  }

  /** Takes note that the receiver does not take one message. */
  void refused(Next next) {
    int failures = 1 + Optional.ofNullable(refused.get(next.cause())).map(Wait::failures).orElse(0);
    refused.put(next.cause(), new Wait(failures, Deadline.in(wait(failures), time)));
  }

  /** Takes note that the receiver has not taken one message, and may take no other. */
  void away(Next next, Duration retryAfter) {
    tries.merge(next.cause(), 1, Integer::sum);
    ofMountInVain = next.entry().ofMount();
    int failures = away.failures() + 1;
    var wait = wait(failures);
    var least = wait.compareTo(retryAfter) < 0 ? retryAfter : wait;
    away = new Wait(failures, Deadline.in(least, time));
  }

  /** Waits as another one did that was read before. */
  void waitAs(Outbox before) {
    away = before.away;
    refused.putAll(before.refused);
    refused.keySet().retainAll(entries.keySet());
  }

  /** Never at once, so that no chance makes a tight loop of it. */
  private Duration wait(int failures) {
    var some = waits.after(failures);
    var least = FIRST_WAIT.dividedBy(2);
    return some.compareTo(least) < 0 ? least : some;
  }

  /** Returns how long it takes until something is to be told, if nothing else happens. */
  Duration untilNext() {
    Duration first = LONGEST_WAIT;
    for (var each : entries.entrySet()) {
      if (waits(each.getValue())) {
        var own = refused.get(each.getKey());
        first = earlier(first, own == null ? Duration.ZERO : own.until().left());
      }
    }
    var all = away.until().left();
    return first.compareTo(all) < 0 ? all : first;
  }

  private static Duration earlier(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns how many entries the receiver does not know all of. */
  int waiting() {
    return (int) entries.values().stream().filter(this::waits).count();
  }

  /** Returns since when the first of them waits; null for none. */
  @Nullable Instant oldest() {
    return entries.values().stream()
        .filter(this::waits)
        .map(Outbox::begun)
        .min(Instant::compareTo)
        .orElse(null);
  }

  /** Returns when the receiver is tried next, where something failed. */
  Optional<Instant> nextTry() {
    return away.failures() == 0 && refused.isEmpty()
        ? Optional.empty()
        : Optional.of(time.now().plus(untilNext()));
  }
}
