package dev.genesysvault.rotation;

import dev.genesysvault.client.NameStems;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.MadeClient;
import dev.genesysvault.upstream.MountMarks;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Makes the next client: announces its name first, asks Genesys then. One call, or two to copy. */
final class SuccessorCreation {
  private static final int KEY_BYTES = 12;

  private final StaticRoleStore credentials;
  private final Supplier<String> mountPath;
  private final RotationParts parts;
  private final RotationReports reports;

  SuccessorCreation(
      StaticRoleStore credentials,
      Supplier<String> mountPath,
      RotationParts parts,
      RotationReports reports) {
    this.credentials = credentials;
    this.mountPath = mountPath;
    this.parts = parts;
    this.reports = reports;
  }

  /** What came of it, and the credential as it is stored since. */
  sealed interface Made {
    /** The client is there, and its secret is stored. */
    record Created(StaticCredential after) implements Made {}

    /** Nobody knows whether the client is there. */
    record Lost(StaticCredential after, UpstreamFailure failure) implements Made {}

    /** There is none. */
    record Not(StaticCredential after, UpstreamFailure failure) implements Made {}

    /** Nothing was asked, since it cannot work. */
    record Impossible(String why) implements Made {}

    /** The configuration changed meanwhile. */
    record Outdated() implements Made {}
  }

  Made announceAndCreate(
      String role,
      StaticRole definition,
      StaticCredential before,
      RotationRun run,
      Actor actor,
      CallContext context)
      throws InterruptedException {
    var stranger = lives(before, actor);
    if (stranger.isPresent()) {
      return new Made.Impossible(stranger.get());
    }
    var config = credentials.storage().config().get();
    if (config.isEmpty()) {
      return new Made.Outdated();
    }
    var key = new ClientKey(parts.randomness().hex(KEY_BYTES));
    var name = ClientNaming.name(stem(role, definition, config.get()), actor.mark(), key, 1);
    var body =
        new Successor(definition, before)
            .body(
                name,
                description(role, definition, actor),
                actor.genesys().clients(),
                context,
                (id, look) -> credentials.present().saw(id, look, reports.events()));
    return switch (body) {
      case Failed<ClientBody>(var failure) -> new Made.Not(before, failure);
      case Ok<ClientBody>(var copied) when copied.excess().isPresent() ->
          new Made.Impossible(
              "the client that is to be copied has %s: take some away from it in Genesys"
                  .formatted(copied.excess().orElseThrow()));
      case Ok<ClientBody>(var copied) -> {
        var wanted = definition.copies() ? MountMarks.copied(copied, actor.mark()) : copied;
        var next =
            new StaticClient(
                key,
                name,
                actor.organization().id(),
                wanted,
                parts.time().now(),
                actor.endpoint(),
                null,
                null,
                false,
                false,
                Map.of());
        var announced =
            before.with(draft -> {
              draft.phase = Phase.CREATING;
              draft.next = next;
              draft.run = run;
            });
        yield announce(role, announced, actor)
            ? create(role, announced, next, actor, context)
            : new Made.Outdated();
      }
    };
  }

  private static Optional<String> lives(StaticCredential credential, Actor actor) {
    var current = credential.current();
    return current == null || current.organizationId().equals(actor.organization().id())
        ? Optional.empty()
        : Optional.of(
            "the present client lives in organisation %s, and config reaches %s: write config with a client of the former"
                .formatted(current.organizationId(), actor.organization().id()));
  }

  /** Under the configuration's lock: a role with a client keeps it from changing organisation. */
  private boolean announce(String role, StaticCredential announced, Actor actor)
      throws InterruptedException {
    var of = actor.organization().id();
    return credentials
        .records()
        .writeWhile(
            config ->
                config
                    .filter(now -> now.endpoint().equals(actor.endpoint()))
                    .map(MountConfig::organization)
                    .filter(now -> now.id().equals(of))
                    .isPresent(),
            () -> credentials.write(role, announced));
  }

  private Made create(
      String role, StaticCredential announced, StaticClient next, Actor actor, CallContext context)
      throws InterruptedException {
    return switch (actor.genesys().clients().create(next.body(), context)) {
      case Ok<MadeClient>(MadeClient(var credential, _, _)) -> {
        var made = next.made(credential.id(), credential.secret());
        var after =
            announced.with(draft -> {
              draft.phase = Phase.CREATED;
              draft.next = made;
            });
        credentials.write(role, after);
        yield new Made.Created(after);
      }
      case Failed<MadeClient>(Unknown lost) -> new Made.Lost(announced, lost);
      case Failed<MadeClient>(var failure) -> {
        var after =
            announced.with(draft -> {
              draft.phase = Phase.IDLE;
              draft.next = null;
            });
        credentials.write(role, after);
        yield new Made.Not(after, failure);
      }
    };
  }

  private String stem(String role, StaticRole definition, MountConfig config) {
    return new NameStems(parts.time(), parts.randomness())
        .of(
            definition.client().nameTemplate(),
            config.namePrefix(),
            role,
            mountPath.get(),
            "static");
  }

  private String description(String role, StaticRole definition, Actor actor) {
    return MountMarks.rotated(
        definition.client().description(), mountPath.get(), role, actor.mark());
  }

  /** Returns what an operator can do about a refusal; begins with a full stop. */
  static String remedy(Refused refused, StaticCredential credential) {
    var next = credential.next();
    var current = credential.current();
    var pairs =
        next != null
            ? next.body().roleDivisions()
            : current == null ? Set.of() : current.body().roleDivisions();
    return refused.status() == 403 || refused.status() == 400
        ? ". The mount's client needs oauth:client:add and oauth:client:view and must itself hold each role and division of the static role%s: grant that in Genesys; it is tried again until then"
            .formatted(pairs.isEmpty() ? "" : " " + Texts.some(pairs))
        : ". It is tried again";
  }
}
