package dev.genesysvault.engine;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.rotation.RotationRequests;
import dev.genesysvault.rotation.RotationRequests.Answer;
import dev.genesysvault.rotation.RotationRequests.Wish;
import dev.genesysvault.rotation.StaticCredentials;
import dev.genesysvault.rotation.TrackedRole;
import dev.genesysvault.storage.Generation;
import dev.genesysvault.storage.StaticCredential;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code rotate-role/<name>}: a rotation now, as graceful as one on schedule. */
final class RotateRoleHandler implements Handler {
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final StaticRoles staticRoles;
  private final RotationRequests requests;

  RotateRoleHandler(StaticRoles staticRoles, RotationRequests requests) {
    this.staticRoles = staticRoles;
    this.requests = requests;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case CREATE, UPDATE -> rotate(request, request.capture("name"));
      case READ, DELETE, LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply rotate(Request request, String name) throws InterruptedException {
    var wish =
        new Wish(flag(request, "force"), flag(request, "emergency"), flag(request, "allow_outage"));
    if (wish.allowsOutage() && !wish.emergency()) {
      throw RefusedException.badInput(
          "allow_outage is true without emergency: only an emergency takes the present client away before there is another one");
    }
    var credentials = staticRoles.of(request);
    return switch (requests.ask(name, wish, credentials)) {
      case Answer.Unknown _ -> throw StaticRoles.unknown(request, name);
      case Answer.NothingToCopy _ ->
          throw RefusedException.badInput(
              "static role %s has no client and says of none what it shall do: write %sstatic-roles/%s/import, or give it role_divisions or template_client_id"
                  .formatted(name, request.mount().path(), name));
      case Answer.InGrace(var previous, var end) ->
          throw RefusedException.badInput(
              "the former client %s of static role %s works until %s at the latest, and may still be in use: try again then, or write force=true to retire it first"
                  .formatted(previous, name, end.truncatedTo(ChronoUnit.SECONDS)));
      case Answer.Asked(var before) -> await(request, name, before, credentials);
    };
  }

  private static Reply await(
      Request request, String name, @Nullable Generation before, StaticCredentials credentials)
      throws InterruptedException {
    var queue = credentials.queue();
    var deadline = request.deadline().minus(RESERVE).atMost(StaticRoleHandler.PATIENCE);
    while (true) {
      var tracked = queue.of(name);
      var credential = credentials.get(name);
      if (credential.isEmpty()) {
        throw StaticRoles.unknown(request, name);
      }
      boolean rotated =
          credential.get().current() != null
              && !Objects.equals(key(before), key(credential.get().current()));
      boolean failed = tracked.map(TrackedRole::lastError).filter(e -> !e.isEmpty()).isPresent();
      if (rotated || failed || tracked.isEmpty() || deadline.over()) {
        return shown(request, name, credential.get(), rotated, tracked);
      }
      queue.awaitStep(name, tracked.get().steps(), deadline);
    }
  }

  private static @Nullable String key(@Nullable Generation generation) {
    return generation == null ? null : generation.key().value();
  }

  private static Reply shown(
      Request request,
      String name,
      StaticCredential credential,
      boolean rotated,
      Optional<TrackedRole> tracked) {
    var data = new LinkedHashMap<String, Object>();
    data.put("rotated", rotated);
    data.put("phase", credential.phase().word());
    data.put("client_id", id(credential.current()));
    data.put("previous_client_id", id(credential.previous()));
    data.put("grace_end", time(credential.graceEnd()));
    var warnings =
        rotated
            ? List.<String>of()
            : List.of(
                "not rotated yet: %s. It goes on in the background; %sstatic-roles/%s/status shows how"
                    .formatted(
                        tracked
                            .map(TrackedRole::lastError)
                            .map(error -> error.isEmpty() ? "the next client is verified" : error)
                            .orElse("the mount's background session is not open yet"),
                        request.mount().path(),
                        name));
    return new Reply.Content(data, warnings, Optional.empty());
  }

  private static String id(@Nullable Generation generation) {
    return generation == null
        ? ""
        : Optional.ofNullable(generation.clientId()).map(ClientId::value).orElse("");
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static boolean flag(Request request, String name) {
    return request.fields().flag(name).orElse(request.fields().flagDefault(name));
  }
}
