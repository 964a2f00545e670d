package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.engine.mount.MountClients;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Listing;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.RoleSnapshot.Check;
import dev.genesysvault.rotation.RoleSummary;
import dev.genesysvault.rotation.RotationWatch;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.RetiredClient;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code static-roles/} and {@code static-roles/<name>/status}: where rotations stand. */
public final class StaticStatusHandler {
  private final MountStaticRoles staticRoles;
  private final MountClients mountClients;
  private final Drift drift;
  private final RotationWatch watch;

  public StaticStatusHandler(
      MountStaticRoles staticRoles, MountClients mountClients, Drift drift, RotationWatch watch) {
    this.staticRoles = staticRoles;
    this.mountClients = mountClients;
    this.drift = drift;
    this.watch = watch;
  }

  /** Returns what {@code static-roles/} tells of these roles. */
  public Map<String, ?> info(Request request, List<String> names) {
    var info = new LinkedHashMap<String, Object>();
    var present = staticRoles.present(request.mount().uuid());
    staticRoles.queue(request.mount().uuid()).of(names).stream()
        .sorted(
            Comparator.comparing(role ->
                role.overdue().isEmpty()
                    && role.lastError().isEmpty()
                    && present.trouble(role.name(), role.summary()).isEmpty()))
        .limit(Listing.MOST_DESCRIBED)
        .forEach(role -> info.put(role.name(), brief(request, role)));
    return info;
  }

  private Map<String, Object> brief(Request request, RoleSnapshot role) {
    var data = new LinkedHashMap<String, Object>();
    data.put("phase", role.summary().phase().word());
    data.put("reason", role.summary().reason());
    data.put("client_id", role.summary().clientId());
    data.put("last_vault_rotation", shown(role.summary().lastRotation()));
    data.put("next_rotation", shown(role.summary().nextRotation()));
    data.put("grace_end", shown(role.summary().graceEnd()));
    data.put("overdue", !role.overdue().isEmpty());
    data.put("overdue_reason", role.overdue());
    data.put("attempts", role.attempts());
    data.put("last_error", role.lastError());
    data.put("client_error", dead(request, role.name(), role.summary()));
    data.put("destinations_behind", role.summary().behind().size());
    return data;
  }

  /** Returns why what readers hold does not log in, as far as somebody has seen that. */
  private String dead(Request request, String role, RoleSummary summary) {
    return staticRoles.present(request.mount().uuid()).trouble(role, summary).orElse("");
  }

  /** Answers {@code static-roles/<name>/status}. */
  public Reply status(Request request) throws InterruptedException {
    if (request.operation() != Operation.READ) {
      return new Reply.UnsupportedOperation();
    }
    var name = request.capture("name");
    var stored = request.snapshot().staticCredentials().entry(name).get();
    if (stored.isEmpty()) {
      return new Reply.Nothing();
    }
    var tracked = staticRoles.queue(request.mount().uuid()).of(name);
    return Reply.of(shown(request, stored.get(), tracked));
  }

  private Map<String, Object> shown(
      Request request, StaticCredential credential, Optional<RoleSnapshot> tracked)
      throws InterruptedException {
    var run = Optional.ofNullable(credential.run());
    var data = new LinkedHashMap<String, Object>();
    data.put("phase", credential.phase().word());
    data.put("reason", run.map(present -> present.reason().word()).orElse(""));
    put(data, "current", credential.current());
    if (credential.phase() == StaticCredential.Phase.GRACE) {
      put(data, "previous", credential.previous());
    }
    put(data, "next", credential.next());
    data.put("retiring", retiring(request, credential));
    data.put("last_vault_rotation", shown(credential.lastRotation()));
    data.put("next_rotation", shown(credential.nextRotation()));
    data.put("grace_end", shown(credential.graceEnd()));
    data.put("finish_by", shown(run.map(RotationRun::finishBy).orElse(null)));
    var late = overdue(request, credential);
    data.put("overdue", !late.isEmpty());
    data.put("overdue_reason", late);
    data.put("attempts", tracked.map(RoleSnapshot::attempts).orElse(0));
    data.put(
        "next_attempt",
        tracked
            .map(RoleSnapshot::due)
            .filter(due -> due.isAfter(Instant.MIN) && due.isBefore(Instant.MAX))
            .map(StaticStatusHandler::shown)
            .orElse(""));
    data.put("last_error", tracked.map(RoleSnapshot::lastError).orElse(""));
    var rotations = staticRoles.queue(request.mount().uuid()).status();
    data.put("paused_until", rotations.paused().map(Instant::toString).orElse(""));
    data.put("paused_reason", rotations.reason());
    data.put(
        "checks",
        tracked.map(RoleSnapshot::checks).orElse(List.of()).stream()
            .map(StaticStatusHandler::shown)
            .toList());
    data.put("destinations", DeliveryViews.of(credential, tracked, staticRoles.of(request)));
    putDrift(data, request, credential.current());
    data.put("client_error", dead(request, request.capture("name"), RoleSummary.of(credential)));
    var history = new ArrayList<>(credential.history());
    data.put("history", history.reversed().stream().map(StaticStatusHandler::shown).toList());
    return data;
  }

  private void putDrift(Map<String, Object> data, Request request, @Nullable StaticClient current)
      throws InterruptedException {
    if (current != null && current.clientId() != null) {
      var seen = drift.of(request, current.clientId(), current);
      data.put("drift", seen.differences());
      data.put("drift_error", seen.error());
    }
  }

  private String overdue(Request request, StaticCredential credential) throws InterruptedException {
    var role = request.snapshot().staticRoles().entry(request.capture("name")).get();
    return role.isEmpty()
        ? ""
        : watch
            .look(credential, role.get(), staticRoles.of(request).records())
            .overdue()
            .map(RotationWatch.Overdue::what)
            .orElse("");
  }

  private static void put(
      Map<String, Object> data, String name, @Nullable StaticClient generation) {
    if (generation != null) {
      data.put(
          name,
          Map.of(
              "client_id",
              generation.clientId() == null ? "" : generation.clientId().value(),
              "key",
              generation.key().value(),
              "name",
              generation.name().value(),
              "organization_id",
              generation.organizationId(),
              "role_divisions",
              generation.body().roleDivisions().stream().map(RoleDivision::toString).toList(),
              "created_time",
              shown(generation.announced()),
              "imported",
              generation.imported(),
              "login_url",
              address(generation, Endpoint::login),
              "api_url",
              address(generation, Endpoint::api)));
    }
  }

  /** Empty where it was not kept yet. */
  private static String address(StaticClient generation, Function<Endpoint, URI> which) {
    return Optional.ofNullable(generation.endpoint()).map(which).map(URI::toString).orElse("");
  }

  private List<Map<String, Object>> retiring(Request request, StaticCredential credential) {
    var clientQueue = mountClients.of(request.mount().uuid());
    return credential.retired().stream()
        .map(retired -> shown(retired, clientQueue.of(retired.key())))
        .toList();
  }

  private static Map<String, Object> shown(
      RetiredClient retired, Optional<ClientSnapshot> tracked) {
    return Map.of(
        "client_id",
        retired.clientId().value(),
        "key",
        retired.key().value(),
        "state",
        tracked
            .map(ClientSnapshot::state)
            .map(ClientRecord.State::name)
            .map(text -> text.toLowerCase(Locale.ROOT))
            .orElse(""),
        "retired_time",
        shown(retired.retired()),
        "finish_by",
        shown(retired.finishBy()),
        "last_error",
        tracked.map(ClientSnapshot::lastError).orElse(""));
  }

  private static Map<String, Object> shown(Check check) {
    return Map.of("name", check.name(), "passed", check.passed(), "detail", check.detail());
  }

  private static Map<String, Object> shown(PastRotation past) {
    return Map.of(
        "reason",
        past.reason(),
        "from",
        past.from() == null ? "" : past.from().value(),
        "to",
        past.to().value(),
        "switched_time",
        shown(past.switched()),
        "checks",
        past.checks(),
        "request_ids",
        past.requests(),
        "former_ended_time",
        shown(past.ended()));
  }

  private static String shown(@Nullable Instant time) {
    return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
