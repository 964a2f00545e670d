package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.queue.Step;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.Deliveries;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.RotationQueue;
import dev.genesysvault.rotation.RotationRequests;
import dev.genesysvault.rotation.RotationRequests.Answer;
import dev.genesysvault.rotation.RotationRequests.Wish;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.PastRotation;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code rotate-role/<name>}: a rotation now, as graceful as one on schedule. */
public final class RotateRoleHandler implements Handler {
  /** That of a token of AWS Secrets Manager. */
  private static final int LONGEST_ID = 64;

  private static final Duration RESERVE = Duration.ofSeconds(5);

  /** Nobody is told when a session is over that has the leaked client to end. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final MountStaticRoles staticRoles;
  private final RotationRequests requests;
  private final Time time;

  public RotateRoleHandler(MountStaticRoles staticRoles, RotationRequests requests, Time time) {
    this.staticRoles = staticRoles;
    this.requests = requests;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case CREATE, UPDATE -> rotate(request, request.capture("name"));
      case READ, DELETE, LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply rotate(Request request, String name) throws InterruptedException {
    boolean emergency = request.fields().flagOrDefault("emergency");
    var wish =
        new Wish(
            request.fields().flagOrDefault("force"),
            emergency,
            request.fields().flagOrDefault("allow_outage"),
            requestId(request),
            request.asker(emergency ? "emergency" : "manual", time.now()));
    if (wish.allowsOutage() && !wish.emergency()) {
      throw RefusedException.badInput(
          "allow_outage is true without emergency: only an emergency takes the present client away before there is another one");
    }
    var credentials = staticRoles.of(request);
    return switch (requests.ask(name, wish, credentials)) {
      case Answer.Fulfilled(var by) -> fulfilled(request, name, by, wish.emergency(), credentials);
      case Answer.Unknown _ -> throw MountStaticRoles.unknown(request, name);
      case Answer.NothingToCopy _ ->
          throw RefusedException.badInput(
              "static role %s has no client and says of none what it shall do: write %sstatic-roles/%s/import, or give it role_divisions or template_client_id"
                  .formatted(name, request.mount().path(), name));
      case Answer.InGrace(var previous, var end) ->
          throw RefusedException.badInput(
              "the former client %s of static role %s works until %s at the latest, and may still be in use: try again then, or write force=true to retire it first"
                  .formatted(previous, name, end.truncatedTo(ChronoUnit.SECONDS)));
      case Answer.Asked(var before) -> await(request, name, before, wish.emergency(), credentials);
    };
  }

  private static String requestId(Request request) {
    var id = request.fields().text("request_id").orElse("");
    if (!id.isEmpty() && !Texts.consistsOf(id, 1, LONGEST_ID, RotateRoleHandler::isOfId)) {
      throw RefusedException.badInput(
          "request_id is \"%s\"; must have at most %d letters, digits, dashes, dots, colons or underscores"
              .formatted(Texts.cut(id, LONGEST_ID), LONGEST_ID));
    }
    return id;
  }

  private static boolean isOfId(int c) {
    return Texts.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == ':';
  }

  private static Reply fulfilled(
      Request request, String name, PastRotation by, boolean emergency, StaticRoleStore credentials)
      throws InterruptedException {
    var queue = credentials.queue();
    var deadline = request.deadline().minus(RESERVE).atMost(StaticRoleHandler.PATIENCE);
    while (true) {
      var credential =
          credentials.get(name).orElseThrow(() -> MountStaticRoles.unknown(request, name));
      var leaked = emergency ? Leaked.of(by, credential, credentials) : Leaked.NONE;
      if (!leaked.active() || !leaked.handedOver() || deadline.over()) {
        return shown(new Progress(request, name, credential, true, leaked, queue.of(name)), queue);
      }
      leaked.await(credentials, deadline);
    }
  }

  private static Reply await(
      Request request,
      String name,
      @Nullable StaticClient before,
      boolean emergency,
      StaticRoleStore credentials)
      throws InterruptedException {
    var queue = credentials.queue();
    var deadline = request.deadline().minus(RESERVE).atMost(StaticRoleHandler.PATIENCE);
    while (true) {
      var tracked = queue.of(name);
      var credential = credentials.get(name);
      if (credential.isEmpty()) {
        throw MountStaticRoles.unknown(request, name);
      }
      boolean rotated =
          credential.get().current() != null
              && !Objects.equals(key(before), key(credential.get().current()));
      var leaked = emergency ? Leaked.of(before, credential.get(), credentials) : Leaked.NONE;
      boolean failed = tracked.map(RoleSnapshot::lastError).filter(e -> !e.isEmpty()).isPresent();
      boolean ends = leaked.active() && leaked.handedOver();
      boolean over = rotated ? !leaked.active() : failed;
      if ((over && !ends) || tracked.isEmpty() || deadline.over()) {
        return shown(
            new Progress(request, name, credential.get(), rotated, leaked, tracked), queue);
      }
      if (ends) {
        leaked.await(credentials, deadline);
      } else {
        queue.awaitStep(name, tracked.get().steps(), deadline);
      }
    }
  }

  private static @Nullable String key(@Nullable StaticClient generation) {
    return generation == null ? null : generation.key().value();
  }

  /**
   * The client that an emergency is about.
   *
   * @param key null where there is none, or nothing is known of it any more
   * @param id empty for none
   * @param active whether Genesys may give it a token yet
   * @param handedOver whether it is the background's to end it
   */
  private record Leaked(@Nullable ClientKey key, String id, boolean active, boolean handedOver) {
    static final Leaked NONE = new Leaked(null, "", false, false);

    static Leaked of(
        @Nullable StaticClient before, StaticCredential credential, StaticRoleStore credentials)
        throws InterruptedException {
      if (before == null) {
        return NONE;
      }
      var key = before.key();
      if (credentials.records().exists(key)) {
        return ending(key, RotateRoleHandler.id(before), credentials);
      }
      boolean graced = credential.phase() == Phase.GRACE && same(before, credential.previous());
      return new Leaked(
          key, RotateRoleHandler.id(before), graced || same(before, credential.current()), false);
    }

    /** Returns the one that a rotation has taken from readers. */
    static Leaked of(PastRotation past, StaticCredential credential, StaticRoleStore credentials)
        throws InterruptedException {
      var from = past.from();
      if (from == null) {
        return NONE;
      }
      for (var retired : credential.retired()) {
        if (retired.clientId().equals(from) && credentials.records().exists(retired.key())) {
          return ending(retired.key(), from.value(), credentials);
        }
      }
      var previous = credential.previous();
      boolean graced =
          credential.phase() == Phase.GRACE && previous != null && from.equals(previous.clientId());
      return new Leaked(null, from.value(), graced, false);
    }

    private static Leaked ending(ClientKey key, String id, StaticRoleStore credentials) {
      boolean dead =
          credentials
              .records()
              .clientQueue()
              .of(key)
              .filter(it -> it.step() == Step.DELETE)
              .isPresent();
      return new Leaked(key, id, !dead, true);
    }

    private static boolean same(StaticClient one, @Nullable StaticClient other) {
      return other != null && other.key().equals(one.key());
    }

    void await(StaticRoleStore credentials, Deadline deadline) throws InterruptedException {
      if (key != null) {
        credentials
            .records()
            .clientQueue()
            .awaitNone(
                client -> client.key().equals(key) && client.step() != Step.DELETE,
                deadline.atMost(BETWEEN_LOOKS));
      }
    }
  }

  /** How far a rotation has come. */
  private record Progress(
      Request request,
      String name,
      StaticCredential credential,
      boolean rotated,
      Leaked leaked,
      Optional<RoleSnapshot> tracked) {}

  private static Reply shown(Progress progress, RotationQueue queue) {
    var credential = progress.credential();
    var data = new LinkedHashMap<String, Object>();
    data.put("rotated", progress.rotated());
    data.put("phase", credential.phase().word());
    data.put("client_id", id(credential.current()));
    data.put("previous_client_id", id(credential.previous()));
    data.put("grace_end", time(credential.graceEnd()));
    data.put("leaked_client_id", progress.leaked().id());
    data.put("leaked_client_active", progress.leaked().active());
    var behind = progress.rotated() ? Deliveries.behind(credential) : List.<String>of();
    data.put("destinations_behind", behind);
    var open = new ArrayList<String>();
    if (!progress.rotated()) {
      open.add("not rotated yet: %s; %s".formatted(made(credential), why(progress, queue)));
    }
    if (progress.leaked().active()) {
      open.add(
          "client %s, which leaked, still gets tokens: %s"
              .formatted(
                  progress.leaked().id(),
                  progress.leaked().handedOver()
                      ? "its end goes before everything else, and Genesys has not confirmed it"
                      : "it is ended as soon as readers get another one"));
    }
    if (!behind.isEmpty()) {
      open.add(
          "destinations %s do not hold the new credential yet: they are sent it as soon as they take it"
              .formatted(Texts.some(behind)));
    }
    if (open.isEmpty()) {
      return new Reply.Content(data, List.of(), Optional.empty());
    }
    open.add(
        "It goes on in the background; %sstatic-roles/%s/status shows how"
            .formatted(progress.request().mount().path(), progress.name()));
    return new Reply.Content(data, List.of(String.join(". ", open)), Optional.empty());
  }

  /** Returns what was done at Genesys. */
  private static String made(StaticCredential credential) {
    return switch (credential.phase()) {
      case CREATING -> "another client was asked for, and Genesys' answer is not known";
      case CREATED ->
          (Deliveries.sentNext(credential)
                  ? "client %s was made and verified, and is being sent to destinations"
                  : "client %s was made and is verified")
              .formatted(id(credential.next()));
      case IDLE, GRACE, DELETING -> "no other client was made";
    };
  }

  /** Returns what it waits for. */
  private static String why(Progress progress, RotationQueue queue) {
    var tracked = progress.tracked();
    if (tracked.isEmpty()) {
      return "the mount's background session is not open yet";
    }
    if (!tracked.get().lastError().isEmpty()) {
      return tracked.get().lastError();
    }
    if (progress.credential().phase() == Phase.CREATED) {
      return "a client logs in for the first time some seconds after it was made";
    }
    var paused = queue.status().paused();
    return paused.isPresent() && !progress.credential().emergency()
        ? "rotations pause until %s: %s".formatted(time(paused.get()), queue.status().reason())
        : "%d rotations go first".formatted(queue.ahead(progress.name()));
  }

  private static String id(@Nullable StaticClient generation) {
    return generation == null
        ? ""
        : Optional.ofNullable(generation.clientId()).map(ClientId::value).orElse("");
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
