package dev.genesysvault.simulation;

import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.Severity;
import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.ReceiverKinds;
import dev.genesysvault.engine.Receivers;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.AlertEntry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is told of mounts' alarms, where a schedule has such people: looking at a mount every few
 * seconds takes long. What they are told is what is written down and stands.
 */
final class ToldPeople implements SimulatedReceivers.Witness {
  /** What is wrong of itself, and cannot be while nothing goes wrong. */
  private static final Set<String> PASSING =
      Set.of(
          AlarmKind.GENESYS_UNREACHABLE.word(),
          AlarmKind.OWN_CREDENTIAL_REFUSED.word(),
          AlarmKind.BUDGET_PAUSED.word(),
          AlarmKind.CONSEQUENCES.word());

  /** Where nobody else does, Genesys is asked once an hour whether it is there. */
  private static final Duration MOST_TO_SETTLE = Duration.ofHours(2);

  /** Shorter than by itself, since each look takes its time. */
  private static final Duration OVERDUE = Duration.ofMinutes(6);

  private final SimulatedWorld world;
  private final SimulatedReceivers receivers;
  private final Map<String, HeardAlerts> byHost = new LinkedHashMap<>();

  ToldPeople(SimulatedWorld world, Chaos chaos, Outside outside) {
    this.world = world;
    this.receivers = new SimulatedReceivers(world.scheduler, chaos, outside, this);
  }

  /** Has two be told of a mount's alarms: of all of them, and of the worst. */
  void listen(SimulatedMount mount) throws InterruptedException {
    if (byHost.isEmpty()) {
      world.sidecars.tell(
          process ->
              new Receivers(
                  new ReceiverKinds(List.of(receivers.of(process))), Receivers.STANDARD_DELAY),
          OVERDUE);
    }
    for (var least : List.of(Severity.INFO, Severity.CRITICAL)) {
      var name = least == Severity.INFO ? "all" : "worst";
      var heard = new HeardAlerts(world, mount, name, least);
      byHost.put(heard.host(), heard);
      world.until(
          "receiver " + name,
          () ->
              world.write(
                  mount,
                  "alerts/name",
                  Map.of("name", name),
                  Map.of(
                      "kind", SimulatedReceivers.KIND,
                      "url", heard.host(),
                      "signing_key", heard.key(),
                      "min_severity", least.word())));
    }
  }

  /** Whether there is anybody. */
  boolean listening() {
    return !byHost.isEmpty();
  }

  /** Has those of a mount be out of reach, or no more. */
  void away(SimulatedMount mount, boolean wanted) {
    of(mount).forEach(heard -> receivers.away(heard.host(), wanted));
  }

  void calm() {
    receivers.calm();
  }

  private List<HeardAlerts> of(SimulatedMount mount) {
    return byHost.values().stream().filter(heard -> heard.mount() == mount).toList();
  }

  @Override
  public void sent(String host, AlertMessage message) {
    var heard = byHost.get(host);
    if (heard == null) {
      world.scheduler.violated("somebody is told who never asked for it: " + host);
    } else {
      Schedule.check(world, heard.sent(message));
    }
  }

  @Override
  public void confirmed(String host, AlertMessage message) {
    Optional.ofNullable(byHost.get(host)).ifPresent(heard -> heard.confirmed(message));
  }

  /** Waits until everybody knows what stands, and finds out whether that is the truth. */
  void settle() throws InterruptedException {
    for (var mount : world.vault.mounts()) {
      if (mount.disabled || of(mount).isEmpty()) {
        continue;
      }
      long begun = world.scheduler.nanos();
      var wrong = wrong(mount);
      while (wrong.isPresent() && world.scheduler.nanos() - begun < MOST_TO_SETTLE.toNanos()) {
        world.scheduler.sleepQuietly(Duration.ofMinutes(1));
        wrong = wrong(mount);
      }
      Schedule.check(world, wrong);
    }
  }

  private Optional<String> wrong(SimulatedMount mount) throws InterruptedException {
    var status = read(mount, "status", Map.of());
    if (!(status.get("alarms") instanceof List<?> alarms)
        || !Boolean.TRUE.equals(status.get("session"))) {
      return Optional.of("no status: " + status);
    }
    var shown = alarms.stream().map(String::valueOf).toList();
    var passing =
        shown.stream().filter(each -> PASSING.stream().anyMatch(each::contains)).findFirst();
    if (passing.isPresent()) {
      return Optional.of("it does not pass: " + passing.get());
    }
    for (var heard : of(mount)) {
      var receiver = read(mount, "alerts/name", Map.of("name", heard.name()));
      if (!Integer.valueOf(0).equals(receiver.get("waiting"))) {
        return Optional.of("%s is not told all: %s".formatted(heard.host(), receiver));
      }
      var wrong = heard.checkSettled(standing(shown, heard.least()));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** Returns kinds and subjects of what is as bad as that, as {@code status} shows it. */
  private static Set<String> standing(List<String> shown, Severity least) {
    var standing = new TreeSet<String>();
    for (var alarm : shown) {
      int end = alarm.indexOf(']');
      var severity = Severity.of(alarm.substring(1, end)).orElseThrow();
      if (severity.atLeast(least)) {
        standing.add(alarm.substring(end + 1, alarm.indexOf(" since ")).strip());
      }
    }
    return standing;
  }

  private Map<String, ?> read(SimulatedMount mount, String path, Map<String, String> captures)
      throws InterruptedException {
    var answer =
        world.vault.request(
            mount, Call.onPath(Operation.READ, path, world.newRequestId(), captures, Map.of()));
    return answer.isPresent() && answer.get() instanceof Answer.OfSidecar(Reply.Content content)
        ? content.data()
        : Map.of("answer", String.valueOf(answer));
  }

  /** Where nothing else goes wrong: everybody has heard of something, and that it is over. */
  Optional<String> checkToldOf(SimulatedMount mount, AlarmKind kind) {
    return of(mount).stream()
        .filter(heard -> kind.severity().atLeast(heard.least()))
        .flatMap(heard -> heard.checkToldOf(kind).stream())
        .findFirst();
  }

  static Map<String, AlertEntry> entries(SimulatedMount mount, String receiver) {
    return Invariants.documents(
        mount,
        "alert-entries/%s/".formatted(receiver),
        AlertEntry.class,
        storage -> storage.alertEntries().below(receiver));
  }
}
