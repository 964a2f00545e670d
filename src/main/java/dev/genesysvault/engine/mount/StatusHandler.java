package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.Genesys;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code status}: versions, whether Genesys answers, what is left of the budget, and what waits.
 */
public final class StatusHandler implements Handler {
  /** Less than the descriptor says that a caller of this path waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int MOST_POSTPONED = 50;
  private static final int MOST_ALARMS = 50;

  private final Instance instance;
  private final Connections connections;
  private final Sessions sessions;
  private final MountClients mountClients;
  private final MountStaticRoles staticRoles;
  private final MountAlarms alarms;
  private final StepTrail trail;
  private final Time time;

  public StatusHandler(
      Instance instance,
      Connections connections,
      Sessions sessions,
      MountClients mountClients,
      MountStaticRoles staticRoles,
      MountAlarms alarms,
      StepTrail trail,
      Time time) {
    this.instance = instance;
    this.connections = connections;
    this.sessions = sessions;
    this.mountClients = mountClients;
    this.staticRoles = staticRoles;
    this.alarms = alarms;
    this.trail = trail;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case READ -> read(request);
      case CREATE, UPDATE, DELETE, LIST, RENEW, REVOKE, ROLLBACK ->
          new Reply.UnsupportedOperation();
    };
  }

  private Reply read(Request request) throws InterruptedException {
    var config = request.snapshot().config().get();
    var data = new LinkedHashMap<String, Object>();
    data.put("configured", config.isPresent());
    data.put("shim_version", request.shimVersion());
    data.put("sidecar_version", instance.version());
    data.put("sidecar_instance", instance.id());
    data.put("sidecar_started", instance.started().truncatedTo(ChronoUnit.SECONDS).toString());
    var session = sessions.health(request.mount().uuid());
    data.put("session", session.works());
    data.put("session_error", session.trouble());
    alarms(request.mount().uuid(), data);
    data.put("postponed_steps", postponed(request.mount().uuid()));
    data.put("draining", request.snapshot().drain().get().isPresent());
    int journal = request.storage().journal().names().size();
    data.put(
        "queues", QueueView.shown(mountClients.of(request.mount().uuid()), journal, time.now()));
    data.put("static_roles", rotations(request.mount().uuid()));
    if (config.isPresent()) {
      askGenesys(connections.to(request.mount().uuid(), config.get()), data);
    }
    return Reply.of(data);
  }

  private void alarms(String mountUuid, Map<String, Object> data) {
    var look = alarms.of(mountUuid);
    var standing = look.map(AlarmLook::alarms).orElse(List.of());
    data.put("alarms", standing.stream().limit(MOST_ALARMS).map(StatusHandler::shown).toList());
    int further = standing.size() - Math.min(MOST_ALARMS, standing.size());
    data.put("more_alarms", further + look.map(AlarmLook::more).orElse(0));
  }

  private static String shown(Alarm alarm) {
    return "[%s] %s%s since %s: %s. %s. See %s"
        .formatted(
            alarm.kind().severity().word(),
            alarm.kind().word(),
            alarm.subject().isEmpty() ? "" : " " + alarm.subject(),
            alarm.since().truncatedTo(ChronoUnit.SECONDS),
            alarm.detail().isEmpty() ? alarm.kind().meaning() : alarm.detail(),
            alarm.kind().advice(),
            alarm.path());
  }

  private List<String> postponed(String mountUuid) {
    return trail.suspects(mountUuid).stream()
        .filter(suspect -> suspect.left().isPositive())
        .limit(MOST_POSTPONED)
        .map(suspect ->
            "%s: the sidecar ended in its midst, %d in a row; tried again in %d s"
                .formatted(suspect.step(), suspect.deaths(), suspect.left().toSeconds() + 1))
        .toList();
  }

  private Map<String, Object> rotations(String mountUuid) {
    var rotations = staticRoles.queue(mountUuid).status();
    var data = new LinkedHashMap<String, Object>();
    data.put("loaded", rotations.loaded());
    data.put("tainted", rotations.tainted());
    data.put("known", rotations.known());
    data.put("rotating", rotations.rotating());
    data.put("failing", rotations.failing() + staticRoles.present(mountUuid).failing());
    data.put("overdue", rotations.overdue());
    data.put("destinations_behind", rotations.behind());
    data.put("paused_until", rotations.paused().map(Instant::toString).orElse(""));
    data.put("paused_reason", rotations.reason());
    return data;
  }

  private void askGenesys(Genesys genesys, Map<String, Object> data) throws InterruptedException {
    var context = new CallContext(Lane.LOOK, Deadline.in(PATIENCE, time));
    switch (genesys.directory().organization(context)) {
      case Ok<Organization>(var organization) -> {
        data.put("genesys_reachable", true);
        data.put("genesys_error", "");
        data.put("organization_id", organization.id());
        data.put("organization_name", organization.name());
      }
      case Failed<Organization>(var failure) -> {
        // Whoever says how many requests are left answers.
        data.put("genesys_reachable", failure instanceof Limited);
        data.put("genesys_error", Failures.sentence(failure, ""));
      }
    }
    data.put("budget", shown(genesys.budget()));
  }

  private static Map<String, Object> shown(RateBudget.Reading reading) {
    var budget = new LinkedHashMap<String, Object>();
    budget.put("allowed", reading.allowed());
    budget.put("usable", reading.usable());
    budget.put("used", reading.used());
    budget.put("reset_seconds", reading.reset().toSeconds());
    budget.put("paused_seconds", reading.paused().toSeconds());
    var waiting = new LinkedHashMap<String, Object>();
    var wait = new LinkedHashMap<String, Object>();
    for (var lane : Lane.values()) {
      waiting.put(lane.word(), reading.waiting().getOrDefault(lane, 0));
      wait.put(lane.word(), reading.delay().getOrDefault(lane, Duration.ZERO).toSeconds());
    }
    budget.put("waiting", waiting);
    budget.put("wait_seconds", wait);
    return budget;
  }
}
