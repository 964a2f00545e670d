package dev.genesysvault.rotation;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.rotation.SuccessorCreation.Made;
import dev.genesysvault.rotation.Verification.Verdict;
import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.upkeep.CachedActor;
import dev.genesysvault.upkeep.ClientUpkeep.ActorState;
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

  private final StaticRoleStore credentials;
  private final CachedActor present;
  private final RotationParts parts;
  private final SuccessorCreation creation;
  private final HandOver handOver;
  private final FormerClients formerClients;
  private final Grace grace;
  private final Remakes remakes;

  RotationSteps(
      StaticRoleStore credentials,
      CachedActor present,
      Supplier<String> mountPath,
      RotationParts parts,
      RotationReports reports) {
    this.credentials = credentials;
    this.present = present;
    this.parts = parts;
    this.creation = new SuccessorCreation(credentials, mountPath, parts, reports);
    this.handOver = parts.handOver(credentials);
    this.formerClients = new FormerClients(credentials, present, parts, reports);
    this.remakes = new Remakes(parts.randomness());
    this.grace = new Grace(credentials, present, parts, reports, formerClients);
  }

  /** Does what a role's stored phase asks for. */
  StepResult step(RotationItem item) throws InterruptedException {
    try (var _ = credentials.lock(item.name)) {
      var stored = credentials.get(item.name);
      if (stored.isEmpty()) {
        return new StepResult.Gone();
      }
      var credential = stored.get();
      var role = credentials.role(item.name);
      if (credential.phase() == Phase.DELETING) {
        return formerClients.delete(item, credential, role);
      }
      if (credentials.drained()) {
        // Whoever calls the drain off must not find half of it done.
        var ended = credential.with(draft -> draft.phase = Phase.DELETING);
        credentials.write(item.name, ended);
        return formerClients.delete(item, ended, role);
      }
      if (role.isEmpty()) {
        return formerClients.withoutRole(item.name, credential);
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

    StepResult run() throws InterruptedException {
      if (credential.phase() != Phase.GRACE) {
        item.graceOver = null;
        item.usage = null;
        item.inUseReported = false;
      }
      if (!credential.retired().isEmpty()) {
        var gone = formerClients.gone(credential);
        if (!gone.isEmpty()) {
          credentials.write(item.name, formerClients.without(gone, credential));
          formerClients.report(item.name, gone);
          return new StepResult.On(Instant.MIN);
        }
      }
      return formerClients.after(step(), item, credential, now);
    }

    private StepResult step() throws InterruptedException {
      return switch (credential.phase()) {
        case IDLE -> idle();
        case CREATING -> lost(credential, Trouble.of("a sidecar ended before Genesys answered"));
        case CREATED -> verify();
        case GRACE -> grace.step(item, role, credential, now);
        case DELETING -> throw new IllegalStateException("deletions end elsewhere");
      };
    }

    private StepResult idle() throws InterruptedException {
      var run = credential.run();
      if (run == null) {
        return unlessDue();
      }
      return run.reason() == Reason.SCHEDULED && !schedule.open(run.asked(), now)
          ? missed(run.asked())
          : begin(run);
    }

    private StepResult unlessDue() throws InterruptedException {
      if (plannedAhead()) {
        credentials.write(
            item.name,
            credential.with(draft -> {
              var last = draft.lastRotation;
              draft.lastRotation = last == null || last.isAfter(now) ? now : last;
              draft.nextRotation = schedule.nextAfter(schedule.cron() ? now : draft.lastRotation);
            }));
        return StepResult.soon();
      }
      var due = credential.nextRotation();
      if (due == null) {
        var look = formerClients.nextLook(credential, now);
        return look.isPresent() ? new StepResult.At(look.get()) : new StepResult.Idle();
      }
      if (now.isBefore(due)) {
        return new StepResult.At(due);
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
      return last.isAfter(now) || due.isAfter(schedule.latestAfter(schedule.cron() ? now : last));
    }

    private StepResult missed(Instant due) throws InterruptedException {
      var next = schedule.nextAfter(now);
      credentials.write(
          item.name,
          credential.with(draft -> {
            draft.nextRotation = next;
            draft.run = null;
          }));
      var why = item.trouble.isNone() ? "" : " Before: " + item.trouble.text();
      return new StepResult.Missed(
          "the rotation of %s was not done within its rotation_window; the next one is that of %s. For one now write rotate-role/%s.%s"
              .formatted(due, next, item.name, why),
          next);
    }

    private StepResult begin(RotationRun run) throws InterruptedException {
      return switch (present.get()) {
        case ActorState.NotReady(var why) -> paused(why);
        case ActorState.Ready(var actor) ->
            switch (creation.announceAndCreate(
                item.name, role, credential, run, actor, parts.context(credential))) {
              case Made.Created _ -> created();
              case Made.Lost(var after, var failure) -> lost(after, failure.trouble());
              case Made.Not(var after, var failure) -> failed(after, failure);
              case Made.Impossible(var why) ->
                  outage(credential.with(d -> d.run = run), Trouble.of(why));
              case Made.Outdated _ -> paused("the configuration was written meanwhile");
            };
      };
    }

    private StepResult created() {
      item.checks = List.of();
      item.verifications = 0;
      return new StepResult.On(now.plus(item.made(parts.delays(), parts.time()).left()));
    }

    /** Whatever turns up under the announced name goes; another one is asked for. */
    private StepResult lost(StaticCredential after, Trouble why) throws InterruptedException {
      return takenBack(after, why.then(". Another client is made"));
    }

    private StepResult takenBack(StaticCredential after, Trouble why) throws InterruptedException {
      var next = after.next();
      if (next == null) {
        throw new IllegalStateException("phase %s has no next client".formatted(after.phase()));
      }
      handOver.retire(item.name, next, after);
      var without =
          after.with(draft -> {
            draft.phase = Phase.IDLE;
            draft.next = null;
          });
      credentials.write(item.name, without);
      item.propagated = null;
      return outage(without, why);
    }

    private StepResult verify() throws InterruptedException {
      var next = credential.next();
      var login = Optional.ofNullable(next).flatMap(StaticClient::credential);
      if (next == null || login.isEmpty()) {
        return lost(credential, Trouble.of("the next client has no credential"));
      }
      var propagated = item.propagated;
      if (propagated == null) {
        propagated = item.made(parts.delays(), parts.time());
      }
      if (!propagated.over()) {
        return new StepResult.On(now.plus(propagated.left()));
      }
      if (credentials.records().exists(next.key())) {
        // Its record says that it has to go, and the session that wrote it could not write more.
        return takenBack(credential, Trouble.of("the next client was taken back"));
      }
      return switch (present.get()) {
        case ActorState.NotReady(var why) -> paused(why);
        case ActorState.Ready(var actor) when !actor.endpoint().equals(next.endpoint()) ->
            takenBack(credential, Trouble.of(Verification.ELSEWHERE));
        case ActorState.Ready(var actor) -> verify(next, login.get(), actor);
      };
    }

    private StepResult verify(StaticClient next, Credential login, Actor actor)
        throws InterruptedException {
      var verification = new Verification(actor.genesys(), actor.mark(), parts.context(credential));
      var verdict = verification.readBack(next, login.id());
      if (verdict instanceof Verdict.Passed && role.verifies()) {
        verdict = verification.logIn(next, login);
      }
      item.checks = verification.checks();
      return switch (verdict) {
        case Verdict.Passed _ -> switchOver(next);
        case Verdict.Unanswered(var failure) -> failed(credential, failure);
        case Verdict.Wrong(var why, var shown) -> condemned(next.shown(shown), Trouble.of(why));
        case Verdict.NotYet(var why) -> {
          item.verifications++;
          yield item.verifications < MOST_VERIFICATIONS || item.mayStillShow()
              ? outage(credential, why.then(" It is asked again; readers keep the present client"))
              : condemned(next, why);
        }
      };
    }

    /** Another one is made, less often each time: what made this one will often make the next. */
    private StepResult condemned(StaticClient made, Trouble why) throws InterruptedException {
      var rejected = credential.with(draft -> draft.next = made);
      var next = takenBack(rejected, why.then(" It was taken back; another one is made later"));
      item.condemned++;
      return next instanceof StepResult.Failed(var error, _)
          ? new StepResult.Failed(error, remakes.after(item.condemned, credential))
          : next;
    }

    private StepResult switchOver(StaticClient next) throws InterruptedException {
      // Genesys may have taken its time since the step began, and a grace counts from the switch.
      var moment = parts.time().now();
      var switched = formerClients.switched(credential, next, role, schedule, item.checks, moment);
      credentials.write(item.name, switched);
      item.propagated = null;
      item.condemned = 0;
      credentials.present().changed(item.name);
      var graceEnd = switched.graceEnd();
      if (graceEnd != null) {
        item.graceOver = Deadline.in(Duration.between(moment, graceEnd), parts.time());
      }
      formerClients.report(item.name, switched);
      return StepResult.soon();
    }

    private StepResult failed(StaticCredential after, UpstreamFailure failure)
        throws InterruptedException {
      var queue = credentials.queue();
      return switch (failure) {
        case Limited limited when credential.emergency() -> {
          // Nobody else's pause holds it up, so it waits by itself.
          var _ = outage(after, failure.trouble());
          yield new StepResult.Failed(failure.trouble(), limited.retryAfter());
        }
        case Limited limited -> {
          var _ = outage(after, failure.trouble());
          queue.pause(limited.retryAfter(), failure.explanation());
          yield new StepResult.Paused(failure.explanation());
        }
        case Refused refused when !refused.ofLogIn() ->
            outage(after, refused.trouble().then(SuccessorCreation.remedy(refused, after)));
        case Refused _, Unavailable _, Unproven _, Unknown _ -> {
          queue.pause(failure.explanation());
          yield outage(after, failure.trouble());
        }
      };
    }

    private StepResult paused(String why) throws InterruptedException {
      var outage = outage(credential, Trouble.of(why));
      if (credential.emergency()) {
        return outage;
      }
      credentials.queue().pause(why);
      return new StepResult.Paused(why);
    }

    /** Where somebody asked for it, the present client goes although there is no other one. */
    private StepResult outage(StaticCredential after, Trouble why) throws InterruptedException {
      var run = after.run();
      if (run != null && run.allowsOutage() && after.current() != null) {
        credentials.write(item.name, handOver.retireCurrent(item.name, after, now));
      }
      return new StepResult.Failed(why, parts.delays().propagation());
    }
  }
}
