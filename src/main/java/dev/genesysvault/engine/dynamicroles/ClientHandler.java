package dev.genesysvault.engine.dynamicroles;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.engine.mount.MountClients;
import dev.genesysvault.engine.request.Listing;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.ClientRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code clients/}: what the mount knows of its clients, and {@code clients/<key>/retry}. */
public final class ClientHandler {
  private final MountClients mountClients;
  private final Time time;

  public ClientHandler(MountClients mountClients, Time time) {
    this.mountClients = mountClients;
    this.time = time;
  }

  /** Returns what {@code clients/} tells of these of its clients. */
  public Map<String, ?> info(Request request, List<String> keys) {
    var info = new LinkedHashMap<String, Object>();
    mountClients.of(request.mount().uuid()).of(keys).stream()
        .sorted(Comparator.comparing(client -> client.lastError().isEmpty()))
        .limit(Listing.MOST_DESCRIBED)
        .forEach(client -> info.put(client.key().value(), brief(client)));
    return info;
  }

  private Map<String, Object> brief(ClientSnapshot client) {
    var data = new LinkedHashMap<String, Object>();
    data.put("state", lower(client.state()));
    data.put("role", client.role());
    data.put("client_id", client.clientId().map(ClientId::value).orElse(""));
    data.put("created_time", time(client.created()));
    data.put("age_seconds", age(client.created()));
    data.put("attempts", client.attempts());
    data.put("next_attempt", nextAttempt(Optional.of(client)));
    data.put("last_error", client.lastError());
    return data;
  }

  /** Answers {@code clients/<key>}. */
  public Reply one(Request request) throws InterruptedException {
    if (request.operation() != Operation.READ) {
      return new Reply.UnsupportedOperation();
    }
    var key = key(request);
    var client = request.snapshot().client(key).get();
    if (client.isEmpty()) {
      return new Reply.Nothing();
    }
    return Reply.of(shown(client.get(), mountClients.of(request.mount().uuid()).of(key)));
  }

  private Map<String, Object> shown(ClientRecord client, Optional<ClientSnapshot> tracked) {
    var data = new LinkedHashMap<String, Object>();
    data.put("state", lower(client.state()));
    data.put("kind", lower(client.kind()));
    data.put("role", client.role());
    data.put("client_id", Optional.ofNullable(client.clientId()).map(ClientId::value).orElse(""));
    data.put("names", client.names().stream().map(ClientName::value).toList());
    data.put(
        "role_divisions",
        client.body().roleDivisions().stream().map(RoleDivision::toString).toList());
    data.put("organization_id", client.organizationId());
    data.put("created_time", time(client.created()));
    data.put("age_seconds", age(client.created()));
    data.put(
        "deadline", Optional.ofNullable(client.deadline()).map(ClientHandler::time).orElse(""));
    data.put("attempts", tracked.map(ClientSnapshot::attempts).orElse(0));
    data.put("next_attempt", nextAttempt(tracked));
    data.put("last_error", tracked.map(ClientSnapshot::lastError).orElseGet(client::lastError));
    data.put("display_name", client.displayName());
    data.put("entity_id", client.entityId());
    return data;
  }

  private long age(Instant created) {
    return Duration.between(created, time.now()).toSeconds();
  }

  private static String nextAttempt(Optional<ClientSnapshot> tracked) {
    return tracked.filter(ClientHandler::worked).map(it -> time(it.due())).orElse("");
  }

  private static boolean worked(ClientSnapshot client) {
    return client.state() != ClientRecord.State.ISSUED;
  }

  /** Answers {@code clients/<key>/retry}. */
  public Reply retry(Request request) throws InterruptedException {
    if (request.operation() != Operation.UPDATE) {
      return new Reply.UnsupportedOperation();
    }
    var key = key(request);
    if (request.storage().client(key).get().isEmpty()) {
      throw RefusedException.badInput(
          "there is no client \"%s\": list %sclients".formatted(key, request.mount().path()));
    }
    var clientQueue = mountClients.of(request.mount().uuid());
    var tracked = clientQueue.of(key);
    if (tracked.isEmpty()) {
      throw new RefusedException(
          503,
          "the mount's background session is not open yet, so nobody can try again: see %sstatus"
              .formatted(request.mount().path()));
    }
    if (!worked(tracked.get())) {
      throw RefusedException.badInput(
          "client %s is handed out and not to be decommissioned: revoke its lease instead"
              .formatted(key));
    }
    clientQueue.hurry(client -> client.key().equals(key));
    return new Reply.Nothing();
  }

  private static ClientKey key(Request request) {
    try {
      return new ClientKey(request.capture("key"));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badInput("key: " + e.getMessage());
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
