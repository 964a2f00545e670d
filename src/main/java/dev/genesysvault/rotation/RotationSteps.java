package dev.genesysvault.rotation;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.rotation.Making.Made;
import dev.genesysvault.rotation.Verification.Verdict;
import dev.genesysvault.storage.Generation;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upkeep.Background.Acting;
import dev.genesysvault.upkeep.PresentActor;
import dev.genesysvault.upstream.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The steps by which a static credential gets from one client to the next. Each holds the role's
 * lock, does what the stored phase asks for, and ends with the write of the next phase: whatever
 * dies, the next session goes on from what is stored. Until a successor has shown what it can do,
 * readers keep what they have.
 */
final class RotationSteps {
  /** A successor that is visible and has not shown what it shall by then is taken back. */
  private static final int MOST_VERIFICATIONS = 12;

  private final StaticCredentials credentials;
  private final PresentActor present;
  private final RotationParts parts;
  private final Making making;
  private final Retirement retirement;
  private final Ending ending;
  private final Grace grace;
  private final Remakes remakes;

  RotationSteps(
      StaticCredentials credentials,
      PresentActor present,
      Supplier<String> mountPath,
      RotationParts parts,
      RotationReports reports) {
    this.credentials = credentials;
    this.present = present;
    this.parts = parts;
    this.making = new Making(credentials, mountPath, parts, reports);
    this.retirement = parts.retirement(credentials);
    this.ending = new Ending(credentials, present, parts, reports);
    this.remakes = new Remakes(parts.randomness());
    this.grace = new Grace(credentials, present, parts, reports, ending);
  }

  /** Does what a role's stored phase asks for. */
  Next step(RotationItem item) throws InterruptedException {
    try (var _ = credentials.lock(item.name)) {
      var stored = credentials.get(item.name);
      if (stored.isEmpty()) {
        return new Next.Gone();
      }
      var credential = stored.get();
      var role = credentials.role(item.name);
      if (credential.phase() == Phase.DELETING) {
        return ending.delete(item, credential, role);
      }
      if (credentials.drained()) {
        // Whoever calls the drain off must not find half of it done.
        var ended = credential.with(draft -> draft.phase = Phase.DELETING);
        credentials.write(item.name, ended);
        return ending.delete(item, ended, role);
      }
      if (role.isEmpty()) {
        return ending.withoutRole(item.name, credential);
      }
      return new Step(item, role.get(), credential).run();
    }
  }

  /** One step of one role, whose lock is held. */
  private final class Step {
    private final RotationItem item;
    private final StaticRole role;
    private final StaticCredential credential;
    private final RotationSchedule schedule;
    private final Instant now = parts.time().now();

    Step(RotationItem item, StaticRole role, StaticCredential credential) {
      this.item = item;
      this.role = role;
      this.credential = credential;
      this.schedule = new RotationSchedule(role.timing(), credentials.mountUuid(), item.name);
    }

    Next run() throws InterruptedException {
      if (credential.phase() != Phase.GRACE) {
        item.graceOver = null;
        item.usage = null;
        item.inUseReported = false;
      }
      if (!credential.retired().isEmpty()) {
        var gone = ending.gone(credential);
        if (!gone.isEmpty()) {
          credentials.write(item.name, ending.without(gone, credential));
          ending.report(item.name, gone);
          return new Next.On(Instant.MIN);
        }
      }
      return ending.after(step(), item, credential, now);
    }

    private Next step() throws InterruptedException {
      return switch (credential.phase()) {
        case IDLE -> idle();
        case CREATING -> lost(credential, "a sidecar ended before Genesys answered");
        case CREATED -> verify();
        case GRACE -> grace.step(item, role, credential, now);
        case DELETING -> throw new IllegalStateException("deletions end elsewhere");
      };
    }

    private Next idle() throws InterruptedException {
      var run = credential.run();
      if (run == null) {
        return unlessDue();
      }
      return run.reason() == Reason.SCHEDULED && !schedule.open(run.asked(), now)
          ? missed(run.asked())
          : begin(run);
    }

    private Next unlessDue() throws InterruptedException {
      if (plannedAhead()) {
        credentials.write(
            item.name,
            credential.with(draft -> {
              var last = draft.lastRotation;
              draft.lastRotation = last == null || last.isAfter(now) ? now : last;
              draft.nextRotation = schedule.nextAfter(schedule.cron() ? now : draft.lastRotation);
            }));
        return Next.soon();
      }
      var due = credential.nextRotation();
      if (due == null) {
        return ending.nextLook(credential, now).<Next>map(Next.At::new).orElseGet(Next.Idle::new);
      }
      if (now.isBefore(due)) {
        return new Next.At(due);
      }
      boolean first = credential.current() == null;
      if (!first && !schedule.open(due, now)) {
        return missed(due);
      }
      var reason = first ? Reason.INITIAL : Reason.SCHEDULED;
      return begin(new RotationRun(reason, false, due, parts.finishBy(due, role)));
    }

    /** Whether the clock was ahead when this was planned, so that it lies too far ahead now. */
    private boolean plannedAhead() {
      var last = credential.lastRotation();
      var due = credential.nextRotation();
      if (last == null || due == null) {
        return false;
      }
      return last.isAfter(now) || due.isAfter(schedule.nextAfter(schedule.cron() ? now : last));
    }

    private Next missed(Instant due) throws InterruptedException {
      var next = schedule.nextAfter(now);
      credentials.write(
          item.name,
          credential.with(draft -> {
            draft.nextRotation = next;
            draft.run = null;
          }));
      var why = item.trouble.isEmpty() ? "" : " Before: " + item.trouble;
      return new Next.Missed(
          "the rotation of %s was not done within its rotation_window; the next one is that of %s. For one now write rotate-role/%s.%s"
              .formatted(due, next, item.name, why),
          next);
    }

    private Next begin(RotationRun run) throws InterruptedException {
      return switch (present.get()) {
        case Acting.NotReady(var why) -> paused(why);
        case Acting.Ready(var actor) ->
            switch (making.announceAndCreate(item.name, role, credential, run, actor, context())) {
              case Made.Created _ -> created();
              case Made.Lost(var after, var failure) -> lost(after, failure.explanation());
              case Made.Not(var after, var failure) -> failed(after, failure);
              case Made.Impossible(var why) -> outage(credential.with(d -> d.run = run), why);
              case Made.Outdated _ -> paused("the configuration was written meanwhile");
            };
      };
    }

    private Next created() {
      item.checks = List.of();
      item.verifications = 0;
      return new Next.On(now.plus(item.made(parts.delays(), parts.time()).left()));
    }

    /** Whatever turns up under the announced name goes; another one is asked for. */
    private Next lost(StaticCredential after, String why) throws InterruptedException {
      return takenBack(after, why + ". Another client is made");
    }

    private Next takenBack(StaticCredential after, String why) throws InterruptedException {
      var next = after.next();
      if (next == null) {
        throw new IllegalStateException("phase %s has no next client".formatted(after.phase()));
      }
      retirement.retire(item.name, next, after);
      var without =
          after.with(draft -> {
            draft.phase = Phase.IDLE;
            draft.next = null;
          });
      credentials.write(item.name, without);
      item.propagated = null;
      return outage(without, why);
    }

    private Next verify() throws InterruptedException {
      var next = credential.next();
      var login = Optional.ofNullable(next).flatMap(Generation::credential);
      if (next == null || login.isEmpty()) {
        return lost(credential, "the next client has no credential");
      }
      var propagated = item.propagated;
      if (propagated == null) {
        propagated = item.made(parts.delays(), parts.time());
      }
      if (!propagated.over()) {
        return new Next.On(now.plus(propagated.left()));
      }
      if (credentials.records().exists(next.key())) {
        // Its record says that it has to go, and the session that wrote it could not write more.
        return takenBack(credential, "the next client was taken back");
      }
      return switch (present.get()) {
        case Acting.NotReady(var why) -> paused(why);
        case Acting.Ready(var actor) when !actor.endpoint().equals(next.endpoint()) ->
            takenBack(credential, Verification.ELSEWHERE);
        case Acting.Ready(var actor) -> verify(next, login.get(), actor);
      };
    }

    private Next verify(Generation next, Credential login, Actor actor)
        throws InterruptedException {
      var verification = new Verification(actor.genesys(), actor.mark(), context());
      var verdict = verification.readBack(next, login.id());
      if (verdict instanceof Verdict.Passed && role.verifies()) {
        verdict = verification.logIn(next, login);
      }
      item.checks = verification.checks();
      return switch (verdict) {
        case Verdict.Passed _ -> switchOver(next);
        case Verdict.Unanswered(var failure) -> failed(credential, failure);
        case Verdict.Wrong(var why, var shown) -> condemned(next.shown(shown), why);
        case Verdict.NotYet(var why) -> {
          item.verifications++;
          yield item.verifications < MOST_VERIFICATIONS || item.mayStillShow()
              ? outage(credential, why + " It is asked again; readers keep the present client")
              : condemned(next, why);
        }
      };
    }

    /** Another one is made, less often each time: what made this one will often make the next. */
    private Next condemned(Generation made, String why) throws InterruptedException {
      var rejected = credential.with(draft -> draft.next = made);
      var next = takenBack(rejected, why + " It was taken back; another one is made later");
      item.condemned++;
      return next instanceof Next.Failed(var error, _)
          ? new Next.Failed(error, remakes.after(item.condemned, credential))
          : next;
    }

    private Next switchOver(Generation next) throws InterruptedException {
      // Genesys may have taken its time since the step began, and a grace counts from the switch.
      var moment = parts.time().now();
      var switched = ending.switched(credential, next, role, schedule, item.checks, moment);
      credentials.write(item.name, switched);
      item.propagated = null;
      item.condemned = 0;
      credentials.present().changed(item.name);
      var graceEnd = switched.graceEnd();
      if (graceEnd != null) {
        item.graceOver = Deadline.in(Duration.between(moment, graceEnd), parts.time());
      }
      ending.report(item.name, switched);
      return Next.soon();
    }

    private Next failed(StaticCredential after, UpstreamFailure failure)
        throws InterruptedException {
      var queue = credentials.queue();
      return switch (failure) {
        case Limited limited when credential.emergency() -> {
          // Nobody else's pause holds it up, so it waits by itself.
          var _ = outage(after, failure.explanation());
          yield new Next.Failed(failure.explanation(), limited.retryAfter());
        }
        case Limited limited -> {
          var _ = outage(after, failure.explanation());
          queue.pause(limited.retryAfter(), failure.explanation());
          yield new Next.Paused(failure.explanation());
        }
        case Refused refused when !refused.ofLogIn() ->
            outage(after, refused.explanation() + Making.remedy(refused, after));
        case Refused _, Unavailable _, Unproven _, Unknown _ -> {
          queue.pause(failure.explanation());
          yield outage(after, failure.explanation());
        }
      };
    }

    private Next paused(String why) throws InterruptedException {
      var outage = outage(credential, why);
      if (credential.emergency()) {
        return outage;
      }
      credentials.queue().pause(why);
      return new Next.Paused(why);
    }

    /** Where somebody asked for it, the present client goes although there is no other one. */
    private Next outage(StaticCredential after, String why) throws InterruptedException {
      var run = after.run();
      if (run != null && run.allowsOutage() && after.current() != null) {
        credentials.write(item.name, retirement.retireCurrent(item.name, after, now));
      }
      return new Next.Failed(why, parts.delays().propagation());
    }

    private CallContext context() {
      return parts.context(credential);
    }
  }
}
