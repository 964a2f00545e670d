package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.engine.mount.DrainHandler;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.RotationSchedule;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code static-creds/<name>}: the present credential of a static role. Asks Genesys nothing. */
public final class StaticCredsHandler implements Handler {
  /** How soon readers come back while a rotation is late. */
  private static final Duration WHILE_LATE = Duration.ofMinutes(1);

  private final MountStaticRoles staticRoles;
  private final Time time;

  public StaticCredsHandler(MountStaticRoles staticRoles, Time time) {
    this.staticRoles = staticRoles;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case READ -> read(request, request.capture("name"));
      case CREATE, UPDATE, DELETE, LIST, RENEW, REVOKE, ROLLBACK ->
          new Reply.UnsupportedOperation();
    };
  }

  private Reply read(Request request, String name) throws InterruptedException {
    var credential =
        known(
            request,
            name,
            request
                .snapshot()
                .staticCredentials()
                .entry(name)
                .get()
                .filter(stored -> stored.phase() != Phase.DELETING));
    var role = known(request, name, request.snapshot().staticRoles().entry(name).get());
    var _ =
        request
            .snapshot()
            .config()
            .get()
            .orElseThrow(() ->
                RefusedException.badInput(
                    "this mount is not configured: write %sconfig first"
                        .formatted(request.mount().path())));
    var present = Optional.ofNullable(credential.current()).flatMap(StaticClient::credential);
    if (present.isEmpty()) {
      throw none(request, name, credential);
    }
    var login = present.get();
    var endpoint = endpoint(request, Objects.requireNonNull(credential.current()));
    var data = new LinkedHashMap<String, Object>();
    data.put("client_id", login.id().value());
    data.put("client_secret", login.secret().reveal());
    data.put("login_url", endpoint.login().toString());
    data.put("api_url", endpoint.api().toString());
    data.putAll(times(request, name, role, credential));
    data.put("custom_metadata", role.client().metadata());
    var dead =
        staticRoles.present(request.mount().uuid()).trouble(name, login.id().value()).stream();
    return new Reply.Content(data, dead.toList(), Optional.empty());
  }

  /** Asks whether the mount is drained where something is missing alone. */
  private static <T> T known(Request request, String name, Optional<T> stored)
      throws InterruptedException {
    if (stored.isEmpty()) {
      throw DrainHandler.ended(request, name)
          .orElseGet(() -> MountStaticRoles.unknown(request, name));
    }
    return stored.get();
  }

  private static Endpoint endpoint(Request request, StaticClient client)
      throws InterruptedException {
    return request
        .snapshot()
        .endpointOf(client)
        .orElseThrow(() ->
            new RefusedException(
                503,
                "under which addresses this credential was made is not known, and those of config are not verified: write %sconfig without verify_connection=false, or rotate-role/%s"
                    .formatted(request.mount().path(), request.capture("name"))));
  }

  private Map<String, Object> times(
      Request request, String name, StaticRole role, StaticCredential credential) {
    var now = time.now();
    var last = credential.lastRotation() == null ? now : credential.lastRotation();
    var schedule = new RotationSchedule(role.timing(), request.mount().uuid(), name);
    return Map.of(
        "ttl", ttl(role, credential, now),
        "rotation_period", schedule.period(last).toSeconds(),
        "last_vault_rotation", last.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /**
   * A reader sleeps this long. A rotation by hand may come at any time, and the former credential
   * then lives for its whole grace: half of that is always soon enough.
   */
  private static long ttl(StaticRole role, StaticCredential credential, Instant now) {
    var half = role.timing().grace().dividedBy(2);
    var next = credential.nextRotation();
    var until = next == null ? half : Duration.between(now, next);
    var late = until.isPositive() ? until : WHILE_LATE;
    return Math.max(1, Durations.least(half, late).toSeconds());
  }

  private RefusedException none(Request request, String name, StaticCredential credential)
      throws InterruptedException {
    var ended = DrainHandler.ended(request, name);
    if (ended.isPresent()) {
      return ended.get();
    }
    if (credential.nextRotation() == null && credential.run() == null) {
      return RefusedException.badInput(
          "static role %s has no client yet: write %sstatic-roles/%s/import with the one to adopt, or rotate-role/%s to make one"
              .formatted(name, request.mount().path(), name, name));
    }
    var error =
        staticRoles
            .queue(request.mount().uuid())
            .of(name)
            .map(role -> role.lastError())
            .filter(text -> !text.isEmpty())
            .map(text -> " (" + text + ")")
            .orElse("");
    return new RefusedException(
        503,
        "the client of static role %s is being made%s: try again; %sstatic-roles/%s/status shows how that goes"
            .formatted(name, error, request.mount().path(), name));
  }
}
