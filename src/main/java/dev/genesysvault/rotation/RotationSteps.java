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
import dev.genesysvault.rotation.DeliverySteps.Progress;
import dev.genesysvault.rotation.SuccessorCreation.Made;
import dev.genesysvault.rotation.Verification.Verdict;
import dev.genesysvault.storage.RotationRun;
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
  private final DeliverySteps deliveries;
  private final Planning planning;
  private final RotationHistory history;

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
    var errands = new Errands(present, parts.time());
    this.deliveries = new DeliverySteps(credentials, errands, parts, reports);
    this.history = new RotationHistory(credentials, parts.time(), parts.delays().overdue());
    this.formerClients =
        new FormerClients(credentials, present, parts, reports, deliveries, history);
    this.planning = new Planning(credentials, parts, formerClients, history);
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
      credentials.read(item, credential);
      var role = credentials.role(item.name);
      if (credential.phase() == Phase.DELETING) {
        boolean hastily = !credential.deliveries().isEmpty() && credentials.drained();
        return formerClients.delete(item, credential, role, hastily);
      }
      if (credentials.drained()) {
        // Whoever calls the drain off must not find half of it done.
        var ended = credential.with(draft -> draft.phase = Phase.DELETING);
        credentials.write(item.name, ended);
        return formerClients.delete(item, ended, role, true);
      }
      if (role.isEmpty()) {
        return formerClients.withoutRole(item, credential);
      }
      item.leaveBy = null;
      return new Step(item, role.get(), history.tell(item, credential)).run();
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
      var besides = besides();
      return besides instanceof Progress.Tried
          ? new StepResult.Aside(Instant.MIN)
          : notAfter(besides, formerClients.after(step(), item, credential, now));
    }

    /** A destination that is slow must hold up no emergency, nor get what leaked. */
    private Progress besides() throws InterruptedException {
      boolean settled = credential.phase() == Phase.IDLE || credential.phase() == Phase.GRACE;
      return settled && !credential.emergency()
          ? deliveries.besides(item, role, credential)
          : new Progress.Nothing();
    }

    private static StepResult notAfter(Progress besides, StepResult next) {
      if (!(besides instanceof Progress.Waits(var _, var until))) {
        return next;
      }
      return switch (next) {
        case StepResult.At(var due) when until.isBefore(due) -> new StepResult.At(until);
        case StepResult.On(var due) when until.isBefore(due) -> new StepResult.On(until);
        case StepResult.Missed(var error, var due) when until.isBefore(due) ->
            new StepResult.Missed(error, until);
        case StepResult.Idle _ -> new StepResult.At(until);
        default -> next;
      };
    }

    private StepResult step() throws InterruptedException {
      return switch (credential.phase()) {
        case IDLE ->
            switch (planning.look(item, role, credential, now)) {
              case Planning.Plan.Begin(var run) -> begin(run);
              case Planning.Plan.Wait(var result) -> result;
            };
        case CREATING -> lost(credential, Trouble.of("a sidecar ended before Genesys answered"));
        case CREATED -> verify();
        case GRACE -> grace.step(item, role, credential, now);
        case DELETING -> throw new IllegalStateException("deletions end elsewhere");
      };
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
      if (Deliveries.sentNext(credential)) {
        return propagate(next);
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
        case Verdict.Passed _ -> propagate(next);
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

    /** Whoever reads it elsewhere has to find the next client before the present one may end. */
    private StepResult propagate(StaticClient next) throws InterruptedException {
      if (credential.emergency()) {
        return switchOver(next);
      }
      return switch (deliveries.beforeSwitch(item, role, credential, next)) {
        case Progress.Nothing _ -> switchOver(next);
        case Progress.Tried _ -> new StepResult.Aside(Instant.MIN);
        case Progress.Waits(var why, var until) ->
            new StepResult.Failed(why, Duration.between(now, until));
      };
    }

    private StepResult switchOver(StaticClient next) throws InterruptedException {
      // Genesys may have taken its time since the step began, and a grace counts from the switch.
      var moment = parts.time().now();
      var switched = formerClients.switched(item, credential, next, role, schedule, moment);
      credentials.write(item.name, switched);
      item.inUse = null;
      // At once: whoever looks from now on looks at the next one.
      credentials.present().changed(item.name);
      var _ = history.tell(item, switched);
      item.propagated = null;
      item.condemned = 0;
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
        history.tellOutage(item.name, after.current(), run);
        formerClients.reportLeaked(item.name, after);
      }
      return new StepResult.Failed(why, parts.delays().propagation());
    }
  }
}
