package dev.genesysvault.rotation;

import dev.genesysvault.storage.RotationRun;
import dev.genesysvault.storage.RotationRun.Reason;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import java.time.Instant;

/** Whether a static role that rests begins a rotation now, and when it is looked at again. */
final class Planning {
  private final StaticRoleStore credentials;
  private final RotationParts parts;
  private final FormerClients formerClients;
  private final RotationHistory history;

  Planning(
      StaticRoleStore credentials,
      RotationParts parts,
      FormerClients formerClients,
      RotationHistory history) {
    this.credentials = credentials;
    this.parts = parts;
    this.formerClients = formerClients;
    this.history = history;
  }

  /** What a role that rests does. */
  sealed interface Plan {
    /** It begins this rotation. */
    record Begin(RotationRun run) implements Plan {}

    /** It rests on. */
    record Wait(StepResult until) implements Plan {}
  }

  /** Looks at a role that rests, whose lock is held. */
  Plan look(RotationItem item, StaticRole role, StaticCredential credential, Instant now)
      throws InterruptedException {
    var schedule = new RotationSchedule(role.timing(), credentials.mountUuid(), item.name);
    var run = credential.run();
    if (run == null) {
      return unlessDue(item, role, credential, schedule, now);
    }
    return run.reason() == Reason.SCHEDULED && !schedule.open(run.asked(), now)
        ? missed(item, credential, run.asked(), schedule, now)
        : new Plan.Begin(run);
  }

  private Plan unlessDue(
      RotationItem item,
      StaticRole role,
      StaticCredential credential,
      RotationSchedule schedule,
      Instant now)
      throws InterruptedException {
    if (plannedAhead(credential, schedule, now)) {
      credentials.write(
          item.name,
          credential.with(draft -> {
            var last = draft.lastRotation;
            draft.lastRotation = last == null || last.isAfter(now) ? now : last;
            draft.nextRotation = schedule.nextAfter(schedule.cron() ? now : draft.lastRotation);
          }));
      return new Plan.Wait(StepResult.soon());
    }
    var due = credential.nextRotation();
    if (due == null) {
      return new Plan.Wait(
          formerClients
              .nextLook(credential, now)
              .<StepResult>map(StepResult.At::new)
              .orElseGet(StepResult.Idle::new));
    }
    if (now.isBefore(due)) {
      return new Plan.Wait(new StepResult.At(due));
    }
    boolean first = credential.current() == null;
    if (!first && !schedule.open(due, now)) {
      return missed(item, credential, due, schedule, now);
    }
    var reason = first ? Reason.INITIAL : Reason.SCHEDULED;
    var run = new RotationRun(reason, false, due, parts.finishBy(due, role));
    var writer = role.writtenBy();
    // Whoever wrote the role has it made, or has made it due by that very write.
    return new Plan.Begin(
        writer != null && (first || due.equals(writer.time())) ? run.askedBy(writer) : run);
  }

  /** Whether the clock was ahead when this was planned, so that it lies too far ahead now. */
  private static boolean plannedAhead(
      StaticCredential credential, RotationSchedule schedule, Instant now) {
    var last = credential.lastRotation();
    var due = credential.nextRotation();
    if (last == null || due == null) {
      return false;
    }
    return last.isAfter(now) || due.isAfter(schedule.latestAfter(schedule.cron() ? now : last));
  }

  private Plan missed(
      RotationItem item,
      StaticCredential credential,
      Instant due,
      RotationSchedule schedule,
      Instant now)
      throws InterruptedException {
    var next = schedule.nextAfter(now);
    var why = item.trouble.isNone() ? "" : " Before: " + item.trouble.text();
    history.tellMissed(
        item.name,
        due,
        credential.current(),
        "the rotation was not done within its rotation_window." + why);
    credentials.write(
        item.name,
        credential.with(draft -> {
          draft.nextRotation = next;
          draft.run = null;
        }));
    return new Plan.Wait(
        new StepResult.Missed(
            "the rotation of %s was not done within its rotation_window; the next one is that of %s. For one now write rotate-role/%s.%s"
                .formatted(due, next, item.name, why),
            next));
  }
}
