package dev.genesysvault.rotation;

import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.storage.Release;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.upkeep.CachedActor;
import dev.genesysvault.upkeep.ClientUpkeep.ActorState;
import dev.genesysvault.upstream.Actor;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.MountMarks;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Takes the mount's mark off a static role's client that it lets go, so that others may adopt it.
 * Looks first: what somebody has changed meanwhile stays. Safe to repeat.
 */
final class Releasing {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A role that is being deleted does not wait for ever: about four minutes. */
  private static final int MOST_ATTEMPTS = 6;

  private final StaticRoleStore credentials;
  private final CachedActor present;
  private final RotationParts parts;
  private final RotationReports reports;

  Releasing(
      StaticRoleStore credentials,
      CachedActor present,
      RotationParts parts,
      RotationReports reports) {
    this.credentials = credentials;
    this.present = present;
    this.parts = parts;
    this.reports = reports;
  }

  /** Releases one client; empty where none is due. The role's lock is held. */
  Optional<StepResult> step(RotationItem item, StaticCredential credential, Instant now)
      throws InterruptedException {
    var due =
        credential.releases().stream()
            .filter(release -> !now.isBefore(release.notBefore()))
            .findFirst();
    return due.isEmpty() ? Optional.empty() : Optional.of(release(due.get(), item, credential));
  }

  /** Returns when the first release is due; empty where there is none. */
  static Optional<Instant> next(StaticCredential credential) {
    return credential.releases().stream().map(Release::notBefore).min(Instant::compareTo);
  }

  private StepResult release(Release release, RotationItem item, StaticCredential credential)
      throws InterruptedException {
    if (credential.clientIds().contains(release.clientId())) {
      return done(release, item, credential);
    }
    return switch (present.get()) {
      case ActorState.NotReady(var why) -> later(Trouble.of(why), release, item, credential);
      case ActorState.Ready(var actor) ->
          actor.organization().id().equals(release.organizationId())
              ? release(release, item, credential, actor)
              : later(
                  Trouble.of(
                      "it lives in organisation %s, and config reaches %s"
                          .formatted(release.organizationId(), actor.organization().id())),
                  release,
                  item,
                  credential);
    };
  }

  private StepResult release(
      Release release, RotationItem item, StaticCredential credential, Actor actor)
      throws InterruptedException {
    var clients = actor.genesys().clients();
    var context = new CallContext(Lane.ROTATE, Deadline.in(PATIENCE, parts.time()));
    return switch (clients.get(release.clientId(), context)) {
      case Failed<FoundClient>(var failure) -> failed(failure, release, item, credential);
      case Ok<FoundClient>(var found) -> {
        var plain = MountMarks.released(found.body(), actor.mark());
        if (found.deleted() || plain.equals(found.body())) {
          yield done(release, item, credential);
        }
        yield switch (clients.replace(release.clientId(), plain, context)) {
          case Ok<Done> _ -> confirmed(release, item, credential, actor);
          case Failed<Done>(var failure) -> failed(failure, release, item, credential);
        };
      }
    };
  }

  /** A gateway may have said that it was done, so what Genesys shows decides. */
  private StepResult confirmed(
      Release release, RotationItem item, StaticCredential credential, Actor actor)
      throws InterruptedException {
    var context = new CallContext(Lane.ROTATE, Deadline.in(PATIENCE, parts.time()));
    return switch (actor.genesys().clients().get(release.clientId(), context)) {
      case Failed<FoundClient>(var failure) -> failed(failure, release, item, credential);
      case Ok<FoundClient>(var found) ->
          found.deleted() || MountMarks.released(found.body(), actor.mark()).equals(found.body())
              ? done(release, item, credential)
              : later(
                  Trouble.of("Genesys answers that it is done, and shows the mark all the same"),
                  release,
                  item,
                  credential);
    };
  }

  /** A client that Genesys has just shown may be hidden for a while. */
  private StepResult absent(Release release, RotationItem item, StaticCredential credential)
      throws InterruptedException {
    var visible = release.notBefore().plus(parts.delays().visibility());
    return parts.time().now().isBefore(visible)
        ? new StepResult.Failed(
            "Genesys does not show client %s, which is let go: it is looked at again until %s"
                .formatted(release.clientId(), visible.truncatedTo(ChronoUnit.SECONDS)),
            parts.delays().propagation())
        : done(release, item, credential);
  }

  private StepResult done(Release release, RotationItem item, StaticCredential credential)
      throws InterruptedException {
    credentials.write(item.name, credential.withoutRelease(release.clientId()));
    return StepResult.soon();
  }

  private StepResult failed(
      UpstreamFailure failure, Release release, RotationItem item, StaticCredential credential)
      throws InterruptedException {
    return switch (failure) {
      case Refused refused when refused.notFound() -> absent(release, item, credential);
      case Refused refused when !refused.ofLogIn() ->
          item.step.attempts() >= MOST_ATTEMPTS
              ? giveUp(refused.trouble(), release, item, credential)
              : later(refused.trouble(), release, item, credential);
      // Nobody else's pause holds an emergency up, so it waits by itself.
      case Limited limited when credential.emergency() ->
          new StepResult.Failed(limited.trouble(), limited.retryAfter());
      case Limited limited -> {
        credentials.queue().pause(limited.retryAfter(), failure.explanation());
        yield new StepResult.Paused(failure.explanation());
      }
      default -> later(failure.trouble(), release, item, credential);
    };
  }

  private StepResult later(
      Trouble why, Release release, RotationItem item, StaticCredential credential)
      throws InterruptedException {
    return credential.phase() == Phase.DELETING && item.step.attempts() >= MOST_ATTEMPTS
        ? giveUp(why, release, item, credential)
        : new StepResult.Failed(
            why.after(
                "the mark of this mount could not be taken off client %s, which is let go: "
                    .formatted(release.clientId())),
            parts.delays().propagation());
  }

  private StepResult giveUp(
      Trouble why, Release release, RotationItem item, StaticCredential credential)
      throws InterruptedException {
    reports.stillMarked(item.name, release.clientId(), why.text());
    return done(release, item, credential);
  }
}
